"""Secrets told by their shape alone: tokens with a prefix, keys, hashes, URLs and headers that carry a password.

Shapes follow the issuers' documentation and the plugin list of detect-secrets. Every pattern is linear in the text:
no quantifier holds another, and those without a fixed length have a bound. They are compiled when first needed, for
compiling them all costs more than scanning a small repository.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from bisect import bisect
from collections.abc import Callable, Iterator
from re import compile as regex
from typing import NamedTuple

from guardrail.checks.secret_words import decoded, is_filler, is_plain_value

LONGEST = 1_000_000
"""The most of one value that is looked at, in code points."""


class Shape(NamedTuple):
    """A kind of secret: a text that every such secret contains, its pattern, and a last test of the match.

    Group 1 of the pattern is the secret, or the whole match when there is no group.
    """

    kind: str
    needle: str
    pattern: str
    accept: Callable[[str], bool]


class Token(NamedTuple):
    """A secret within a text, by code point offsets."""

    kind: str
    start: int
    end: int


def _word(kind: str, needle: str, body: str, accept: Callable[[str], bool] | None = None) -> Shape:
    """A shape that stands alone: neither letter, digit nor underscore on either side."""
    return Shape(
        kind,
        needle,
        rf"(?<![A-Za-z0-9_]){body}(?![A-Za-z0-9_])",
        accept or (lambda text: not is_filler(text.removeprefix(needle))),
    )


def _is_jwt(text: str) -> bool:
    """Whether the first two parts decode to JSON objects, the first of which names an algorithm (RFC 7519)."""
    from json import loads

    try:
        header, claims = (loads(decoded(part.replace("-", "+").replace("_", "/"))) for part in text.split(".")[:2])
    except (ValueError, Base64Error, RecursionError):
        return False
    return isinstance(header, dict) and isinstance(claims, dict) and "alg" in header


def _is_basic(text: str) -> bool:
    """Whether base64 holds `user:password`, as in an Authorization header or a Docker config."""
    try:
        user, colon, password = decoded(text).partition(":")
    except (ValueError, Base64Error):
        return False
    return bool(colon) and user.isprintable() and password.isprintable() and is_plain_value(password)


def _is_key_block(text: str) -> bool:
    """Whether a PEM block has a body: base64, and more than dots or a placeholder."""
    body = text.partition("KEY")[2].replace("\\", "\n").strip("- \n")
    words = body.partition("-----")[0].split()
    return sum(len(w) for w in words if regex(_BASE64).match(w) and not is_filler(w)) >= 40


def _is_packed_key(text: str) -> bool:
    """Whether base64 begins like a private key in PEM, as in a kubeconfig."""
    try:
        return "PRIVATE KEY" in decoded(text[:64])
    except ValueError:
        return False


def _is_slack_hook(text: str) -> bool:
    return not is_filler(text.rpartition("/")[2])


_BASE64 = r"[A-Za-z0-9+/=]{8,}\Z"

WORDS: tuple[Shape, ...] = (
    _word("AWS access key id", "AKIA", r"AKIA[A-Z0-9]{16}"),
    _word("AWS access key id", "ASIA", r"ASIA[A-Z0-9]{16}"),
    *(
        _word("GitHub token", prefix, prefix + r"[A-Za-z0-9]{36,255}")
        for prefix in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    _word("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{22,255}"),
    *(
        _word("GitLab token", prefix, prefix + r"[A-Za-z0-9_.-]{20,300}")
        for prefix in ("glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "glagent-")
    ),
    *(
        _word("Slack token", prefix, prefix + r"[A-Za-z0-9-]{10,250}")
        for prefix in ("xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xapp-")
    ),
    Shape(
        "Slack webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/T[A-Za-z0-9]{5,20}/[A-Za-z0-9]{6,20}/[A-Za-z0-9]{16,40}",
        _is_slack_hook,
    ),
    Shape(
        "Discord webhook",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{15,25}/([A-Za-z0-9_-]{60,80})",
        lambda text: not is_filler(text),
    ),
    _word("Stripe key", "sk_live_", r"sk_live_[A-Za-z0-9]{16,250}"),
    _word("Stripe key", "rk_live_", r"rk_live_[A-Za-z0-9]{16,250}"),
    _word("Stripe webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,100}"),
    _word("Google API key", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    _word("Google client secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{28}"),
    _word("npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _word("PyPI token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,500}"),
    _word("SendGrid key", "SG.", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _word("Twilio key", "SK", r"SK[0-9a-f]{32}"),
    _word("Mailgun key", "key-", r"key-[0-9a-f]{32}"),
    _word("Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}", lambda text: not is_filler(text)),
    *(_word("DigitalOcean token", prefix, prefix + r"[0-9a-f]{64}") for prefix in ("dop_v1_", "doo_v1_", "dor_v1_")),
    _word("Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{34}"),
    _word("Anthropic key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{24,200}"),
    _word("OpenRouter key", "sk-or-v1-", r"sk-or-v1-[0-9a-f]{64}"),
    *(
        _word("OpenAI key", prefix, prefix + r"[A-Za-z0-9_-]{20,250}")
        for prefix in ("sk-proj-", "sk-svcacct-", "sk-admin-")
    ),
    _word("OpenAI key", "sk-", r"sk-[A-Za-z0-9]{48}"),
    *(
        _word("Vault token", prefix, prefix.replace(".", r"\.") + r"[A-Za-z0-9_-]{24,300}")
        for prefix in ("hvs.", "hvb.", "hvr.")
    ),
    _word("Databricks token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _word("Doppler token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{40,100}"),
    _word("Terraform Cloud token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}"),
    _word("Grafana token", "glsa_", r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}"),
    _word("Grafana token", "glc_eyJ", r"glc_eyJ[A-Za-z0-9+/=]{30,400}"),
    _word("New Relic key", "NRAK-", r"NRAK-[A-Z0-9]{27}"),
    _word("Shopify token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _word("Telegram bot token", ":AA", r"\d{8,10}:AA[A-Za-z0-9_-]{33}"),
    _word("Tailscale key", "tskey-", r"tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9-]{16,100}"),
    _word("Pulumi token", "pul-", r"pul-[0-9a-f]{40}"),
    _word("Postman key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _word("Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _word("PlanetScale token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"),
    _word("Atlassian token", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{180,250}"),
    _word("Artifactory key", "AKCp", r"AKCp[A-Za-z0-9]{60,80}"),
    _word("age secret key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    Shape(
        "private key",
        "LS0tLS1CRUdJTi",
        r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,40000}={0,2}",
        _is_packed_key,
    ),
    Shape(
        "Azure storage key",
        "AccountKey=",
        r"AccountKey=([A-Za-z0-9+/]{86}==)",
        lambda text: not is_filler(text),
    ),
    Shape(
        "Azure shared access key",
        "SharedAccessKey=",
        r"SharedAccessKey=([A-Za-z0-9+/]{43}=)",
        lambda text: not is_filler(text),
    ),
    Shape(
        "Azure SAS signature",
        "sig=",
        r"(?<=[?&;])sig=([A-Za-z0-9%+/]{40,90}(?:%3[Dd]|=))",
        lambda text: not is_filler(text),
    ),
    Shape(
        "JSON Web Token",
        "eyJ",
        r"(?<![\w.-])eyJ[\w-]{8,4000}\.eyJ[\w-]{4,20000}\.[\w-]{16,4000}",
        _is_jwt,
    ),
)
"""Shapes of at least 20 characters without a blank, quote or colon before the needle ends."""

PHRASES: tuple[Shape, ...] = (
    Shape(
        "private key",
        "PRIVATE KEY",
        r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-]{0,20000}(?:-----END[A-Z0-9 ]{0,60}-----)?",
        _is_key_block,
    ),
    Shape(
        "password in a URL",
        "://",
        r"://[^\s:/@\"'<>?#]{0,100}:([^\s@/\"'<>]{1,200})@[\w.\[$-]",
        is_plain_value,
    ),
    Shape(
        "password in a data source name",
        ")/",
        r"(?<![\w.-])[\w.-]{1,64}:([^\s@/:\"'<>]{1,128})@(?:tcp|tcp6|unix)\(",
        is_plain_value,
    ),
    Shape(
        "password in a connection string",
        ";",
        r"(?i)(?<=;)\s?(?:password|pwd)\s?=\s?([^;\"'\s]{1,200})(?=;|\"|'|\s|\Z)",
        is_plain_value,
    ),
    Shape("basic credentials", "asic ", r"\b[Bb]asic ([A-Za-z0-9+/]{6,400}={0,2})", _is_basic),
    Shape(
        "registry credentials",
        '"auth',
        r"\"auth\\?\"\s{0,5}:\s{0,5}\\?\"([A-Za-z0-9+/]{6,400}={0,2})",
        _is_basic,
    ),
    Shape(
        "bearer token",
        "earer ",
        r"\b[Bb]earer ([A-Za-z0-9._~+/-]{20,4000}={0,2})",
        lambda text: not is_filler(text) and any(c.isdigit() for c in text) and is_plain_value(text),
    ),
    *(
        Shape("password hash", needle, pattern, lambda text: not is_filler(text[7:]))
        for needle, pattern in (
            ("$2", r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"),
            ("$apr1$", r"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"),
            ("{SHA}", r"\{SHA\}[A-Za-z0-9+/]{27}="),
            ("$6$", r"\$6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}"),
            ("$5$", r"\$5\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}"),
            ("$argon2", r"\$argon2(?:id|i|d)\$[\w=,$-]{4,60}\$[A-Za-z0-9+/]{8,90}\$[A-Za-z0-9+/]{16,180}"),
        )
    ),
)
"""Shapes with blanks or signs in them, each looked for by itself."""

_IN_WORDS = tuple((shape.needle, shape) for shape in WORDS)
_IN_TEXT = tuple((shape.needle, shape) for shape in PHRASES)
_KEEP = bytes(c if c < 128 and (chr(c).isalnum() or chr(c) in "_-+/=.:?&;") else 32 for c in range(256))


def tokens(text: str) -> Iterator[Token]:
    """Every secret in a text that its shape gives away, none overlapping an earlier one."""
    text = text[:LONGEST]
    taken: list[tuple[int, int]] = []  # in order, none overlapping
    for shape in _candidates(text):
        pattern = regex(shape.pattern)
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            start, end = match.span(group)
            at = bisect(taken, (start, end))
            free = (not at or taken[at - 1][1] <= start) and (at == len(taken) or end <= taken[at][0])
            if free and shape.accept(match.group(group)):
                taken.insert(at, (start, end))
                yield Token(shape.kind, start, end)


def _candidates(text: str) -> Iterator[Shape]:
    """The shapes whose needle is there. Words that are too short for any are dropped from long texts first."""
    if len(text) < 8:
        return
    if words := _long_words(text):
        yield from [shape for needle, shape in _IN_WORDS if needle in words]
    yield from [shape for needle, shape in _IN_TEXT if needle in text]


def _long_words(text: str) -> str:
    words = text.encode("utf-8", "replace").translate(_KEEP).split()
    return b" ".join([w for w in words if len(w) > 19]).decode("ascii")
