"""Secrets given by name in a text: formats found, code and prose left alone."""

from __future__ import annotations

import pytest

from guardrail.checks.secret_lines import commands, given

PW = "Wint3r-Coat"
FOUND = {
    "yaml": f"password: {PW}",
    "yaml quoted": f'password: "{PW}"',
    "yaml comment": f"password: {PW}  # of the database",
    "yaml nested": f"db:\n  user: shop\n  password: {PW}\n  port: 1",
    "yaml list": f"- password: {PW}",
    "ini": f"[db]\npassword = {PW}\n",
    "properties": f"spring.datasource.password={PW}",
    "shell": f"export DB_PASSWORD={PW}",
    "shell inline": f"PGPASSWORD={PW} psql -h db",
    "shell default": f"PASSWORD=${{PASSWORD:-{PW}}}",
    "json": f'{{"password": "{PW}", "user": "x"}}',
    "json in json": f'{{"x": "{{\\"password\\": \\"{PW}\\"}}"}}',
    "toml": f'password = "{PW}"',
    "xml": f"<property><password>{PW}</password></property>",
    "php": f"'password' => '{PW}',",
    "python": f'password = "{PW}"',
    "flag": f"--db-password={PW}",
    "flag apart": f"serve --db-password {PW} --port 1",
    "query": f"jdbc:mysql://db/shop?user=shop&password={PW}&ssl=true",
    "literal": f"kubectl create secret generic x --from-literal=password={PW}",
    "helm": f"helm upgrade x --set=auth.password={PW}",
    "spring default": f"jasypt.encryptor.password=${{JASYPT:{PW}}}",
    "short name": f"bindPW: {PW}",
    "sql": f"CREATE USER shop IDENTIFIED BY '{PW}';",
    "sql role": f"CREATE ROLE shop LOGIN PASSWORD '{PW}';",
    "redis": f"maxmemory 1\nrequirepass {PW}\n",
    "long line": '{"a":"' + "b" * 5000 + f'","password":"{PW}","c":"' + "d" * 5000 + '"}',
}
LEFT = [
    "# password: hunter2",
    ";admin_password = admin",
    "// password = hunter2",
    "Password: The password of the user",
    'password = request.form.get("password")',
    "password: ${DB_PASSWORD}",
    "password: $__file{/etc/x}",
    "PASSWORD=$(cat /x)",
    'PASSWORD="$1"',
    'echo "password: missing"',
    "proxy_pass http://upstream;",
    "password_file: /etc/x",
    "token = self.tokens[name]",
    "secretName: shop-tls",
    "passwordSecretRef: shop",
    "password:",
    'password: ""',
    "passwordMinLength: 12",
    "token_ttl: 30m",
    "const password = getPassword();",
    "type: password",
    "clientSecret: $oidc.okta.clientSecret",
    'password = "@{secretstore:password}"',
    '{"login.password": "Passwort", "password": "Passwort"}',
    "password=${PASSWORD:?must be set}",
    "spring.client-secret=${SECRET:}",
    'if [ "$PASSWORD" = "admin" ]; then :; fi',
    "user.password.regex=^[a-z]+$",
    "keys-to-sanitize=password,secret,key,token",
    'token: "$INFLUX_TOKEN"',
    "enc.password=ENC[AES256_GCM,data:x]",
]
COMMANDS = [
    f"mysql -u root -p{PW} shop",
    f"mysqladmin ping -p{PW}",
    f"redis-cli -a {PW} ping",
    f"curl -s -u shop:{PW} https://x",
    f"sshpass -p {PW} ssh x",
    f"docker login -u shop -p {PW} registry.example",
]
NO_COMMANDS = [
    'mysql -u root -p"$PASSWORD" shop',
    "mysql -u root -p shop",
    "redis-cli -a $PASSWORD ping",
    'curl -u "$USER:$PASSWORD" https://x',
    "mkdir -p /data/mysql",
    "nc -z db 1 -p 8080",
    "docker login -u shop --password-stdin",
]


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_formats(text: str) -> None:
    assert [text[g.start : g.end] for g in given(text)] == [PW]


@pytest.mark.parametrize("text", LEFT)
def test_code_prose_comments_and_references(text: str) -> None:
    assert list(given(text)) == []


def test_comments_on_demand() -> None:
    (found,) = given("# password: hunter2-x", comments=True)
    assert found.name == "password"


@pytest.mark.parametrize("text", COMMANDS)
def test_short_options_of_known_programs(text: str) -> None:
    assert [text[g.start : g.end] for g in commands(text)] == [PW]


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_other_short_options(text: str) -> None:
    assert list(commands(text)) == []


def test_letters_that_change_their_length_do_not_shift_places() -> None:
    text = "İİİ\npassword: Wint3r-Coat"
    assert [text[g.start : g.end] for g in given(text)] == [PW]
