"""The flags of a component in a container's command: every spelling that the component's own parser takes.

Kubernetes' programs read flags with pflag (https://pkg.go.dev/github.com/spf13/pflag): `--a=b`, `--a b`, `--a` for a
boolean, `_` in a name stands for `-`, lists and maps given twice are joined, of anything else the last one counts.
etcd reads them with Go's flag package, where `-a` is `--a`, and takes those it lacks from ETCD_ variables
(https://etcd.io/docs/latest/op-guide/configuration/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import compile as regex

from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.component import NAMES, Component
from guardrail.views.component_words import Word, lines
from guardrail.views.pods import Container

BOOLEANS = frozenset(
    """
    allow-privileged anonymous-auth audit-log-batch-throttle-enable audit-log-compress audit-log-truncate-enabled
    audit-webhook-batch-throttle-enable audit-webhook-truncate-enabled contention-profiling enable-aggregator-routing
    enable-bootstrap-token-auth enable-garbage-collector enable-priority-and-fairness
    encryption-provider-config-automatic-reload kubelet-https permit-address-sharing permit-port-sharing profiling
    service-account-extend-token-expiration service-account-lookup shutdown-send-retry-after watch-cache
    allocate-node-cidrs authentication-skip-lookup authentication-tolerate-lookup-failure configure-cloud-routes
    enable-dynamic-provisioning enable-hostpath-provisioner enable-taint-manager leader-elect
    use-service-account-credentials authentication-token-webhook cgroups-per-qos cpu-cfs-quota
    enable-controller-attach-detach enable-debugging-handlers enable-server fail-swap-on make-iptables-util-chains
    protect-kernel-defaults register-node rotate-certificates rotate-server-certificates seccomp-default
    serialize-image-pulls masquerade-all cleanup add-dir-header alsologtostderr logtostderr one-output skip-headers
    skip-log-headers version help client-cert-auth auto-tls peer-client-cert-auth peer-auto-tls force-new-cluster
    pre-vote strict-reconfig-check enable-pprof enable-v2 debug
    """.split()
)
"""Flags without a value of their own (the components' references); a word behind one is not its value."""

_JOINED = frozenset(
    """
    admission-control api-audiences authorization-mode disable-admission-plugins enable-admission-plugins etcd-servers
    feature-gates runtime-config service-account-issuer service-account-key-file tls-cipher-suites controllers
    allowed-unsafe-sysctls cipher-suites kubelet-preferred-address-types
    """.split()
)
"""Flags that are lists or maps, and are joined when given more than once."""

_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_WRAPPERS = frozenset({"exec", "env", "nice", "ionice", "tini", "dumb-init", "go-runner", "kube-log-runner", "nohup"})
_MOST_WORDS = 2000

_ASSIGNMENT = regex(r"[A-Za-z_]\w*=")
_REFERENCE = regex(r"\$\$|\$\(([A-Za-z_][\w.-]*)\)")
_IMAGE = regex(r"(?:^|/)([a-z0-9._-]+)(?::([^@/]+))?(?:@[^/]*)?$")
_MINOR = regex(r"v?1\.(\d{1,3})(?!\d)")


def of_container(container: Container) -> Component | None:
    """The component a container runs, with its flags; None where it runs something else."""
    env = _environment(container.data)
    words = tuple(_words(container, "command", env))
    arguments = tuple(_words(container, "args", env))
    name, tag = _image(container.data.get("image"))
    found = program((*words, *arguments)[:_MOST_WORDS])
    if not words and name in NAMES:
        found = found or (name, arguments)
    elif found is None or not (words or name == "hyperkube" or _has_flags(found[1])):
        return None
    program_name, rest = found
    flags, places, stray, partial = read(program_name, rest)
    if program_name == "etcd":
        partial = _from_environment(container, env, flags, places) or partial
    return Component(
        name=program_name,
        source="command",
        flags=flags,
        places=places,
        path=container.path,
        missing=(*container.path, "command" if words or not arguments else "args"),
        stray=tuple(stray),
        minor=minor_of(tag) if program_name != "etcd" else 0,
        partial=partial or _other_file(program_name, flags) or container.partial,
    )


def _has_flags(words: Sequence[Word]) -> bool:
    """Whether arguments look like a component's: a name alone may be what another program is asked about."""
    return bool(words) and words[0].text.startswith("-")


def _other_file(name: str, flags: Mapping[str, object]) -> str:
    """The configuration file that a command names, which sets what the command does not."""
    for flag in ("config", "config-dir") if name.startswith("kube") else ("config-file",):
        if flag in flags and name not in ("kube-apiserver", "kube-controller-manager"):
            return f"the file that --{flag} of {name} names"
    return ""


def _image(image: object) -> tuple[str, str]:
    """The last part of an image's name without the architecture it was built for, and its tag."""
    found = _IMAGE.search(image) if isinstance(image, str) else None
    if found is None:
        return "", ""
    name = found[1]
    for suffix in ("-amd64", "-arm64", "-arm", "-ppc64le", "-s390x"):
        name = name.removesuffix(suffix)
    return name, found[2] or ""


def _environment(data: Mapping[str, object]) -> dict[str, str | None]:
    """Variables of a container by name; None for one whose value is elsewhere."""
    listed = data.get("env")
    found: dict[str, str | None] = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            value = entry.get("value", None if "valueFrom" in entry else "")
            found[entry["name"]] = value if isinstance(value, str) else None
    return found


def _words(container: Container, key: str, env: Mapping[str, str | None]) -> Iterator[Word]:
    """The words under `command` or `args`, with `$(NAME)` replaced by what the container's variables hold.

    https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
    """
    listed = container.data.get(key)
    for index, word in enumerate(listed[:_MOST_WORDS] if isinstance(listed, list) else ()):
        text = word if isinstance(word, str) else text_of(word)
        if "$" in text:
            text = _REFERENCE.sub(lambda m: "$" if m[0] == "$$" else env.get(m[1]) or m[0], text)
        yield Word(text, (*container.path, key, index), "$(" in text or "${" in text or "{{" in text)


def minor_of(version: str) -> int:
    """The minor version of Kubernetes that a version 1.x names; 0 where it names none."""
    found = _MINOR.match(version)
    return int(found[1]) if found else 0


def text_of(value: object) -> str:
    """A value of a configuration file as the text its flag would have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(text_of, value))
    if isinstance(value, dict):
        return ",".join(f"{key}={text_of(inner)}" for key, inner in value.items())
    return str(value)


def program(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]] | None:
    """The component that a command line starts and the words behind it, through wrappers, shells and hyperkube."""
    rest = tuple(words)
    while rest and not rest[0].text.startswith("-"):
        if _ASSIGNMENT.match(rest[0].text):
            rest = rest[1:]
            continue
        name = rest[0].text.rpartition("/")[2]
        if name in NAMES:
            return name, rest[1:]
        if name == "hyperkube" and len(rest) > 1:
            called = rest[1].text
            full = called if called in NAMES else f"kube-{called}"
            return (full, rest[2:]) if full in NAMES else None
        if name in _SHELLS:
            return _started(rest)
        if name not in _WRAPPERS:
            return None
        rest = _unwrapped(rest[1:])
    return None


def _unwrapped(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """What is behind a wrapper's own options."""
    for index, word in enumerate(words):
        if word.text == "--":
            return words[index + 1 :]
        if not word.text.startswith("-"):
            return words[index:]
    return ()


def _started(words: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]] | None:
    """The first component that a shell's script (`sh -c SCRIPT`) starts."""
    for index, word in enumerate(words[1:-1], 1):
        if word.text.startswith("-") and not word.text.startswith("--") and "c" in word.text:
            script = words[index + 1]
            for line in lines(script):
                name = line[0].text.rpartition("/")[2]
                found = program(line) if name not in _SHELLS else None  # a shell in a script is left alone
                if found is not None:
                    return found
            return None
        if not word.text.startswith("-"):
            return None
    return None


Reading = tuple[dict[str, object], dict[str, Path], list[tuple[str, Path]], str]


def read(name: str, words: Sequence[Word]) -> Reading:
    """Flags by name, where each stands, words that are no flag, and what may hold more flags."""
    flags: dict[str, object] = {}
    places: dict[str, Path] = {}
    stray: list[tuple[str, Path]] = []
    partial = ""
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if not word.text.startswith("-") or word.text in ("-", "--"):
            if word.open:
                partial = f"what {word.text} holds"
            elif word.text.strip("-"):
                stray.append((word.text, word.path))
            continue
        key, value = _split(name, word.text)
        given = word
        if value is None:
            value = "true"
            following = words[index] if index < len(words) else None
            if key not in BOOLEANS and following is not None and not following.text.startswith("--"):
                value, given = following.text, following
                index += 1
        put(flags, key, UnknownValue(f"what {value} holds") if given.open else value)
        places[key] = word.path
    return flags, places, stray, partial


def _split(name: str, text: str) -> tuple[str, str | None]:
    """A flag's name and the value written with it."""
    if not text.startswith("--") and name != "etcd":  # a shorthand, of which there are `-v` and `-h`
        return text[1], text[2:].removeprefix("=") or None
    key, equals, value = text.lstrip("-").partition("=")
    return (key if name == "etcd" else key.replace("_", "-")), value if equals else None


def put(flags: dict[str, object], key: str, value: object) -> None:
    """Add a flag as its parser would: lists are joined, booleans have two spellings, else the last one counts."""
    if isinstance(value, str) and key in BOOLEANS:
        value = "true" if value in _TRUE else "false" if value in _FALSE else value
    before = flags.get(key)
    if key in _JOINED and before is not None and isinstance(value, str):
        value = f"{before},{value}" if isinstance(before, str) else before
    flags[key] = value


def _from_environment(
    container: Container, env: Mapping[str, str | None], flags: dict[str, object], places: dict[str, Path]
) -> str:
    """Take etcd's flags from its ETCD_ variables where the command has none; the answer says what may hold more."""
    listed = container.data.get("env")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name.startswith("ETCD_"):
            continue
        key = name.removeprefix("ETCD_").lower().replace("_", "-")
        value = env.get(name)
        if key not in flags:
            known = value is not None and "$(" not in value
            put(flags, key, value if known else UnknownValue(f"what {name} holds"))
            places[key] = (*container.path, "env", index)
    return "what envFrom brings" if container.data.get("envFrom") else ""
