"""Which names promise a secret, and what a value must look like to keep the promise."""

from __future__ import annotations

from functools import lru_cache
from re import compile as regex

from guardrail.checks.secret_words import (
    has_digit_and_letter,
    is_default,
    is_label,
    is_other_thing,
    is_plain_value,
    is_random,
    row,
)

_WORDS = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"

_QUALIFIERS = row(
    """
    prod production staging stage dev development qa uat test testing local b64 base value val str string text
    txt encoded plain plaintext raw default old new current previous primary secondary main master slave replica
    rw ro env
    """
)
_NEUTRAL = row(
    """
    checksum hash hashes sha md digest fingerprint public existing max min num number count total length use enable
    enabled disable disabled allow allowed require required skip verify validate has is show hide reset forgot
    generate generated random keep csrf
    """
)
_OF_REFERENCES = row("tls ssl cert certificate image pull registry ref reference")
_PASSWORDS = row("password passwd passphrase passcode pass pwd pw psw requirepass masterauth")
_PASSWORD_ENDS = ("password", "passwd", "passphrase", "userpass", "rootpass", "dbpass", "adminpass")


def _ends(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_KEY_ENDS = _ends(
    """
    clientsecret jwtsecret sessionsecret cookiesecret appsecret applicationsecret sharedsecret webhooksecret
    hmacsecret consumersecret apisecret signingsecret oauthsecret tokensecret rpcsecret encryptionsecret
    secretkey secretkeybase secretaccesskey accesskeysecret privatekey encryptionkey signingkey masterkey
    accountkey erlangcookie
    """
)
_TOKEN_ENDS = _ends(
    """
    apikey accesskey authtoken accesstoken bearertoken refreshtoken apitoken bottoken licensekey authkey
    servicekey sharedkey sastoken integrationkey ingestionkey
    """
)
_WEAK = row(
    """
    credentials credential cred creds auth key dsn salt seed bearer authorization jwt
    """
)
_OPEN_KEYS = row(
    """
    public primary partition sort cache object foreign annotation label host ssh site publishable topology
    routing registry group search idempotency map s3 bucket password passwd pass token user username
    """
)

PASSWORD, KEY, TOKEN, SECRET, WEAK = "password", "secret key", "token", "secret", "credential"

_PROMISES: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = (
    (PASSWORD, _PASSWORDS, _PASSWORD_ENDS),
    (KEY, frozenset(), _KEY_ENDS),
    (TOKEN, frozenset({"token"}), _TOKEN_ENDS),
    (SECRET, frozenset({"secret"}), ()),
    (WEAK, _WEAK, ()),
)
_RANDOM = {TOKEN: (10, 2.8), SECRET: (12, 3.2), WEAK: (20, 3.6)}
_LEAST = {PASSWORD: 4, KEY: 6, TOKEN: 8, SECRET: 8, WEAK: 20}


@lru_cache(maxsize=4096)
def promise(name: str) -> str:
    """What a name promises: a password, secret key, token, secret or credential; or nothing."""
    words = [w.lower() for w in regex(_WORDS).findall(name[-120:])]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _QUALIFIERS):
        words.pop()
    if not words or not _NEUTRAL.isdisjoint(words):
        return ""
    last, joined = words[-1], "".join(words)
    if last == "secret" and not _OF_REFERENCES.isdisjoint(words):
        return ""
    if last == "key" and (len(words) == 1 or words[-2] in _OPEN_KEYS):
        return ""
    for promised, lasts, ends in _PROMISES:
        if last in lasts or joined.endswith(ends):
            return promised
    return ""


def keeps(promised: str, value: str) -> bool:
    """Whether a value under such a name is a secret."""
    value = value.strip()
    if len(value) < _LEAST.get(promised, 10**9) or any(c.isspace() for c in value):
        return False
    if is_default(value):
        return promised in {PASSWORD, KEY}
    if promised == PASSWORD and value.isdigit():
        return True
    return is_plain_value(value) and not is_other_thing(value) and _looks(promised, value)


def _looks(promised: str, value: str) -> bool:
    if promised == PASSWORD:
        return True
    if promised == KEY:
        return has_digit_and_letter(value) or not is_label(value) or "-" not in value
    return is_random(value, *_RANDOM[promised])


def keeps_strictly(promised: str, value: str) -> bool:
    """As `keeps`, where a name may as well refer to another object: only what no object could be called."""
    value = value.strip()
    if not keeps(promised, value) or promised == WEAK:
        return False
    return is_default(value) or (has_digit_and_letter(value) and not is_label(value))
