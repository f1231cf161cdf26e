"""Secrets of every shape, made up and put together at run time, so that no scanner refuses this repository."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from json import dumps

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def body(size: int, alphabet: str = LETTERS, seed: str = "") -> str:
    """Characters without meaning, the same in every run."""
    out, block = "", seed.encode()
    while len(out) < size:
        block = sha256(block).digest()
        out += "".join(alphabet[b % len(alphabet)] for b in block)
    return out[:size]


def hexadecimal(size: int, seed: str = "") -> str:
    """Hexadecimal digits."""
    return body(size, "0123456789abcdef", seed)


def jwt() -> str:
    """A JSON Web Token that nobody signed."""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": "shop", "iat": 1516239022}]
    head = ".".join(urlsafe_b64encode(dumps(p).encode()).decode().rstrip("=") for p in parts)
    return f"{head}.{body(43)}"


def pem(kind: str = "") -> str:
    """A private key in PEM that is none."""
    lines = "\n".join(body(64, seed=str(i)) for i in range(3))
    return f"-----BEGIN {kind}PRIVATE " + f"KEY-----\n{lines}\n-----END {kind}PRIVATE " + "KEY-----"


def basic(user: str = "shop", password: str = "Wint3r-Coat") -> str:
    """User and password as in a header."""
    return b64encode(f"{user}:{password}".encode()).decode()


UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

TOKENS: dict[str, tuple[str, str]] = {
    "aws id": ("AWS access key id", "AK" + "IA" + body(16, UPPER)),
    "aws example": ("AWS access key id", "AKIAIOSFODNN7EXAMPLE"),
    "aws session": ("AWS access key id", "AS" + "IA" + body(16, UPPER)),
    "github classic": ("GitHub token", "gh" + "p_" + body(36)),
    "github app": ("GitHub token", "gh" + "s_" + body(36)),
    "github oauth": ("GitHub token", "gh" + "o_" + body(36)),
    "github fine": ("GitHub token", "github_" + "pat_" + body(22) + "_" + body(59)),
    "gitlab": ("GitLab token", "gl" + "pat-" + body(20)),
    "slack": ("Slack token", "xo" + "xb-123456789012-" + body(24)),
    "slack hook": ("Slack webhook", "hooks.slack" + ".com/services/T01AB2CD3/B01EF4GH5/" + body(24)),
    "stripe": ("Stripe key", "sk_" + "live_" + body(24)),
    "stripe restricted": ("Stripe key", "rk_" + "live_" + body(24)),
    "google": ("Google API key", "AI" + "za" + body(35)),
    "npm": ("npm token", "npm" + "_" + body(36)),
    "pypi": ("PyPI token", "pypi-" + "AgE" + body(60)),
    "sendgrid": ("SendGrid key", "SG" + "." + body(22) + "." + body(43, seed="b")),
    "twilio": ("Twilio key", "S" + "K" + hexadecimal(32)),
    "mailgun": ("Mailgun key", "key" + "-" + hexadecimal(32)),
    "mailchimp": ("Mailchimp key", hexadecimal(32) + "-us" + "12"),
    "digitalocean": ("DigitalOcean token", "dop" + "_v1_" + hexadecimal(64)),
    "hugging face": ("Hugging Face token", "hf" + "_" + body(34)),
    "anthropic": ("Anthropic key", "sk-" + "ant-api03-" + body(40)),
    "openai": ("OpenAI key", "sk-" + "proj-" + body(48)),
    "openai old": ("OpenAI key", "sk" + "-" + body(48)),
    "vault": ("Vault token", "hv" + "s." + body(24)),
    "databricks": ("Databricks token", "da" + "pi" + hexadecimal(32)),
    "doppler": ("Doppler token", "dp" + ".st.dev." + body(43)),
    "terraform": ("Terraform Cloud token", body(14) + ".atlas" + "v1." + body(64)),
    "grafana": ("Grafana token", "gl" + "sa_" + body(32) + "_" + hexadecimal(8)),
    "new relic": ("New Relic key", "NR" + "AK-" + body(27, UPPER)),
    "shopify": ("Shopify token", "sh" + "pat_" + hexadecimal(32)),
    "telegram": ("Telegram bot token", "123456789:" + "AA" + body(33)),
    "age": ("age secret key", "AGE-SECRET" + "-KEY-1" + body(58, UPPER)),
    "azure storage": ("Azure storage key", "Account" + "Key=" + body(86) + "=="),
    "azure bus": ("Azure shared access key", "SharedAccess" + "Key=" + body(43) + "="),
    "azure sas": ("Azure SAS signature", "https://a.blob/x?sv=2024&" + "sig=" + body(43) + "%3D"),
    "jwt": ("JSON Web Token", jwt()),
    "pem": ("private key", pem()),
    "pem rsa": ("private key", pem("RSA ")),
    "pem escaped": ("private key", pem().replace("\n", "\\n")),
    "pem packed": ("private key", "client-key-data: " + b64encode(pem().encode()).decode()),
    "url": ("password in a URL", "postgres://shop:Wint3r-Coat@db/shop"),
    "url without user": ("password in a URL", "redis://:Wint3r-Coat@cache:6379"),
    "go dsn": ("password in a data source name", "shop:Wint3r-Coat@tcp(db:3306)/shop"),
    "ado": ("password in a connection string", "Server=db;User Id=shop;Password=Wint3r-Coat;"),
    "basic": ("basic credentials", "Authorization: Basic " + basic()),
    "docker": ("registry credentials", '{"auths":{"r.example":{"auth":"' + basic() + '"}}}'),
    "bearer": ("bearer token", "Authorization: Bearer " + body(32)),
    "bcrypt": ("password hash", "shop:$2" + "y$10$" + body(53)),
    "apr1": ("password hash", "shop:$ap" + "r1$" + body(8) + "$" + body(22)),
    "crypt": ("password hash", "$6" + "$" + body(16) + "$" + body(86)),
}
