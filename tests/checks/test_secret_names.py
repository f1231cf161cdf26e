"""Which names promise a secret, which values keep the promise."""

from __future__ import annotations

import pytest

from guardrail.checks.secret_names import keeps, keeps_strictly, promise

PROMISING = {
    "password": "password",
    "DB_PASSWORD": "password",
    "dbPassword": "password",
    "MYSQL_ROOT_PASSWORD": "password",
    "mysqlrootpassword": "password",
    "spring.datasource.password": "password",
    "REDIS_PASS": "password",
    "PGPASSWORD": "password",
    "SSL_KEYSTORE_PASSWORD": "password",
    "DB_PASSWORD_PROD": "password",
    "PASSWORD2": "password",
    "admin-pwd": "password",
    "SSH_PASSPHRASE": "password",
    "CLIENT_SECRET": "secret key",
    "clientSecret": "secret key",
    "SECRET_KEY_BASE": "secret key",
    "AWS_SECRET_ACCESS_KEY": "secret key",
    "JWT_SECRET": "secret key",
    "ENCRYPTION_KEY": "secret key",
    "API_KEY": "token",
    "apiKey": "token",
    "X_APIKEY": "token",
    "GITHUB_TOKEN": "token",
    "authToken": "token",
    "APP_SECRET_VALUE": "secret key",
    "MY_SECRET": "secret",
    "CREDENTIALS": "credential",
    "SENTRY_DSN": "credential",
    "CONSUL_GOSSIP_KEY": "credential",
}
QUIET = [
    "PASSWORD_FILE",
    "PASSWORD_PATH",
    "PASSWORD_DIR",
    "SECRET_NAME",
    "secretName",
    "TOKEN_URL",
    "TOKEN_TTL",
    "TOKEN_EXPIRY",
    "PASSWORD_ENABLED",
    "AUTH_HEADER",
    "TOKEN_TYPE",
    "publicKey",
    "PUBLIC_KEY",
    "tokenAudience",
    "SECRET_NAMESPACE",
    "EXISTING_SECRET",
    "PASSWORD_KEY",
    "TLS_SECRET",
    "imagePullSecret",
    "checksum/secret",
    "ALLOW_EMPTY_PASSWORD",
    "MAX_TOKENS",
    "PASSWORD_MIN_LENGTH",
    "PARTITION_KEY",
    "key",
    "KEY",
    "BYPASS",
    "COMPASS",
    "TOKENIZER",
    "SECRETARY",
    "keyboard",
    "monkey",
    "AUTHOR_NAME",
    "password_hash",
    "tokens",
    "passwords",
    "HOST_KEY",
    "proxy_pass_header",
    "AUTH_URL",
    "USE_TOKEN",
]

REAL = [
    ("password", "hunter2-and-more"),
    ("password", "changeme"),
    ("password", "admin"),
    ("password", "password"),
    ("password", "s3cr3t"),
    ("password", "12345678"),
    ("password", "P@ssw0rd!"),
    ("password", "correct-horse"),
    ("secret key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("secret key", "minio123"),
    ("secret key", "supersecret"),
    ("secret key", "0123456789abcdef"),
    ("token", "9fceb02d0ae598e95dc970b74767f193"),
    ("token", "3f9c1e07-5a44-4c1e-9d0b-7f6d2a90c812"),
    ("secret", "8f1d4c7be2a94f0d93Zq"),
    ("credential", "kD93+sLw02xZq8Vb71TtRm4Y"),
]
NOT_REAL = [
    (promised, value)
    for promised in ("password", "secret key", "token", "secret", "credential")
    for value in [
        "$(PASSWORD)",
        "${PASSWORD}",
        "$PASSWORD",
        "{{.Values.password}}",
        "<password>",
        "<your-token>",
        "REPLACE_ME",
        "replace-me",
        "your-password",
        "your_token_here",
        "xxxxxxxx",
        "********",
        "........",
        "example",
        "my-example-token",
        "/run/secrets/password",
        "./password",
        "/etc/app/token.txt",
        "C:\\secrets\\token",
        "true",
        "false",
        "yes",
        "disabled",
        "none",
        "null",
        "30m",
        "24h",
        "1h30m",
        "100ms",
        "10Gi",
        "vault:secret/data/x",
        "ref+awsssm://x",
        "op://vault/item/field",
        "arn:aws:secretsmanager:eu-west-1:1:secret:x",
        "ENC[AES256_GCM,data:x]",
        "bearer",
        "https://login.example/token",
        "password.txt",
        "tls.key",
        "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5",
        "X-Api-Token",
        "%(password)s",
        "__PASSWORD__",
        "@PASSWORD@",
        "%%env_PASSWORD%%",
        "placeholder",
        "redacted",
        "TODO",
        "insert-token-here",
        "PASSWORD",
        "2024-01-31",
        "jane@shop.example",
        "db.shop.svc.cluster.local",
    ]
]
NAMES_OF_OTHERS = ["shop-tls", "database-credentials", "my-secret", "oauth-client", "shop-v2", "app.token", "a"]


@pytest.mark.parametrize(("name", "promised"), PROMISING.items(), ids=PROMISING)
def test_promising_names(name: str, promised: str) -> None:
    assert promise(name) == promised


@pytest.mark.parametrize("name", QUIET)
def test_quiet_names(name: str) -> None:
    assert promise(name) == ""


@pytest.mark.parametrize(("promised", "value"), REAL)
def test_real_values(promised: str, value: str) -> None:
    assert keeps(promised, value)


@pytest.mark.parametrize(("promised", "value"), NOT_REAL)
def test_stand_ins_references_and_other_things(promised: str, value: str) -> None:
    assert not keeps(promised, value)


@pytest.mark.parametrize("value", NAMES_OF_OTHERS)
@pytest.mark.parametrize("promised", ["token", "secret", "credential"])
def test_names_of_other_objects(promised: str, value: str) -> None:
    assert not keeps(promised, value)
    assert not keeps_strictly("password", value)


@pytest.mark.parametrize("value", ["", " ", "abc", "the password of the user"])
def test_too_short_or_prose(value: str) -> None:
    assert not keeps("password", value)
