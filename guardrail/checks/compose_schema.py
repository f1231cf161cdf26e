"""What Compose refuses of the shape of a file: a field that is not there, a value of another type.

Source: the Compose Specification (compose-spec.json) as compose-go reads it, which the tests compare with: numbers and
booleans may be written as texts, sizes and durations are read, and what a variable stands for is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["shape"]

# The fields of each object. A type is one of the words of _SCALARS, `object`, `[object]` for a list of texts or
# objects, `{object}` for a mapping of them; `?` stands behind what may be null, `|` between two that will do.
_OBJECTS = {
    "file": """version:text name:text include:[include] services:{service} models:{any} networks:{network?}
        volumes:{volume?} secrets:{secret} configs:{config} jobs:any""",
    "include": "path:texts env_file:texts project_directory:text",
    "service": """annotations:map attach:switch blkio_config:any build:text|build cap_add:list cap_drop:list
        cgroup:text cgroup_parent:text command:command configs:[file_use] container_name:text cpu_count:integer
        cpu_percent:integer cpu_shares:number cpu_quota:number cpu_period:number cpu_rt_period:number
        cpu_rt_runtime:number cpus:number cpuset:text credential_spec:any depends_on:list|{dependency} deploy:deploy?
        develop:any device_cgroup_rules:list devices:[device] dns:texts dns_opt:list dns_search:texts domainname:text
        entrypoint:command env_file:text|[env_file] environment:map expose:scalars extends:text|extends
        external_links:list extra_hosts:any gpus:any group_add:scalars healthcheck:healthcheck hostname:text image:text
        init:switch ipc:text isolation:text label_file:texts labels:map links:list logging:logging mac_address:text
        mem_limit:size mem_reservation:size mem_swappiness:integer memswap_limit:size models:any network_mode:text
        networks:list|{attachment?} oom_kill_disable:switch oom_score_adj:integer pid:text? pids_limit:number
        platform:text ports:[port] post_start:any pre_start:any pre_stop:any privileged:switch profiles:list
        provider:any pull_policy:text pull_refresh_after:text read_only:switch restart:text runtime:text scale:integer
        secrets:[file_use] security_opt:list shm_size:size stdin_open:switch stop_grace_period:duration
        stop_signal:text storage_opt:any sysctls:map tmpfs:texts tty:switch ulimits:any umask:any use_api_socket:any
        user:text userns_mode:text uts:text volumes:[mount] volumes_from:list working_dir:text""",
    "build": """additional_contexts:map args:map cache_from:list cache_to:list context:text dockerfile:text
        dockerfile_inline:text entitlements:list extra_hosts:any isolation:text labels:map network:text no_cache:switch
        no_cache_filter:texts platforms:list privileged:switch provenance:any pull:switch sbom:any secrets:[file_use]
        shm_size:any ssh:map tags:list target:text ulimits:any""",
    "dependency": "condition:text restart:switch required:any",
    "deploy": """endpoint_mode:text labels:map mode:text placement:placement replicas:integer resources:resources
        restart_policy:restart_policy rollback_config:update update_config:update""",
    "placement": "constraints:list max_replicas_per_node:integer preferences:any",
    "resources": "limits:limits reservations:reservations",
    "limits": "cpus:number memory:text_size pids:integer",
    "reservations": "cpus:number memory:text_size generic_resources:any devices:any",
    "restart_policy": "condition:text delay:duration max_attempts:integer window:duration",
    "update": "delay:duration failure_action:text max_failure_ratio:number monitor:duration order:text "
    "parallelism:integer",
    "healthcheck": """disable:switch interval:duration retries:number start_interval:duration start_period:duration
        test:text|list timeout:duration""",
    "logging": "driver:text options:any",
    "attachment": """aliases:list driver_opts:any gw_priority:any interface_name:text ipv4_address:text
        ipv6_address:text link_local_ips:list mac_address:text priority:any use_service_name_alias:switch""",
    "device": "source:text target:text permissions:text",
    "env_file": "path:text format:text required:switch",
    "extends": "service:text file:text",
    "file_use": "source:text target:text uid:text gid:text mode:number",
    "port": """app_protocol:text host_ip:text mode:text name:text protocol:text published:scalar target:integer""",
    "mount": """bind:bind consistency:text image:any read_only:switch source:text target:text tmpfs:any type:text
        volume:any""",
    "bind": "create_host_path:switch propagation:text recursive:text selinux:text",
    "network": """attachable:switch driver:text driver_opts:any enable_ipv4:switch enable_ipv6:switch
        external:any internal:switch ipam:any labels:map name:text""",
    "volume": "driver:text driver_opts:any external:any labels:map name:text",
    "secret": """driver:text driver_opts:any environment:text external:any file:text labels:map name:text
        template_driver:text""",
    "config": "content:text environment:text external:any file:text labels:map name:text template_driver:text",
}
_PLACES = {
    "args": "build.args",
    "cmd": "command",
    "context": "build.context",
    "cpu": "cpus",
    "dockerfile": "build.dockerfile",
    "env": "environment",
    "envs": "environment",
    "limits": "deploy.resources.limits",
    "mem": "mem_limit",
    "memory": "mem_limit",
    "name": "container_name",
    "placement": "deploy.placement",
    "replicas": "deploy.replicas",
    "resources": "deploy.resources",
    "restart_policy": "restart",
    "workdir": "working_dir",
}
"""Where what people write at a service belongs."""

_NUMBER = regex(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\Z")
_INTEGER = regex(r"[-+]?\d+\Z")
_DURATION = regex(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+)\Z")
_SIZE = regex(r"-?\d+(?:\.\d*)?\s?(?:[kmgtp]?(?:i?b)?)\Z")
_SWITCHES = frozenset("true false yes no on off y n t f 1 0".split())
_MOST_HITS, _MOST_NODES = 50, 100_000
_MISSING = ("null", "")

Fields = Mapping[str, tuple[str, ...]]


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _text_like(pattern: Callable[[str], object]) -> Callable[[object], bool]:
    """A text that a pattern takes, or one whose variables are not known."""
    return lambda value: isinstance(value, str) and ("$" in value or bool(pattern(value.strip())))


def _number(value: object) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)) or _text_like(_NUMBER.match)(value)


def _integer(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or _text_like(_INTEGER.match)(value)


def _switch(value: object) -> bool:
    return isinstance(value, bool) or _text_like(lambda text: text.lower() in _SWITCHES)(value)


def _size(value: object) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)) or _text_size(value)


_text_size = _text_like(lambda text: _SIZE.match(text.lower()))
_duration = _text_like(_DURATION.match)


def _list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _map(value: object) -> bool:
    if isinstance(value, dict):
        return all(one is None or _is_scalar(one) for one in value.values())
    return _list(value)


_SCALARS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "any": ("anything", lambda value: True),
    "command": ("a text or a list of texts", lambda v: v is None or isinstance(v, str) or _list(v)),
    "duration": ("a duration such as 30s", _duration),
    "integer": ("a whole number", _integer),
    "list": ("a list of texts", _list),
    "map": ("a mapping of names to values, or a list of NAME=value", _map),
    "number": ("a number", _number),
    "scalar": ("a text or a number", _is_scalar),
    "scalars": ("a list", lambda v: isinstance(v, list) and all(_is_scalar(one) for one in v)),
    "size": ("a size such as 512m", _size),
    "switch": ("true or false", _switch),
    "text": ("a text", lambda value: isinstance(value, str)),
    "text_size": ("a text with a size such as 512M", _text_size),
    "texts": ("a text or a list of texts", lambda v: isinstance(v, str) or _list(v)),
}


@lru_cache(maxsize=64)
def _fields(name: str) -> Fields:
    """The fields of an object with the types they may have."""
    pairs = (word.split(":", 1) for word in _OBJECTS[name].split())
    return {field: tuple(kinds.split("|")) for field, kinds in pairs}


def shape(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields that Compose does not know, and values it cannot read."""
    stack: list[tuple[object, str, Path]] = [(item.resource.data, "file", item.path)]
    found = 0
    for _ in range(_MOST_NODES):
        if not stack or found >= _MOST_HITS:
            return
        value, kind, path = stack.pop()
        for hit in islice(_object(value, kind, path, stack), _MOST_HITS):
            found += 1
            yield hit


def _object(value: object, kind: str, path: Path, stack: list[tuple[object, str, Path]]) -> Iterator[Hit]:
    """What is wrong with the fields of one object; those below it are put on the stack."""
    fields = _fields(kind)
    below: list[tuple[object, str, Path]] = []
    for key, one in value.items() if isinstance(value, dict) else ():
        here = (*path, key)
        if key in fields:
            if not _fits(one, fields[key], here, below):
                yield Hit(here, f"{key} is not {_named(fields[key])}, and Compose refuses the file")
        elif not str(key).startswith("x-") and "$" not in str(key):
            yield Hit(here, f"{str(key)[:60]} is no field of {_OWNERS.get(kind, kind)}{_meant(str(key), kind, fields)}")
    stack.extend(reversed(below))


_OWNERS = {"file": "a Compose file", "service": "a service", "port": "a port", "mount": "a volume of a service"}


def _meant(key: str, kind: str, fields: Fields) -> str:
    from difflib import get_close_matches

    other = _PLACES.get(key, "") if kind == "service" else ""
    near = [other] if other else get_close_matches(key[:60].lower().replace("-", "_"), fields, 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


def _fits(value: object, kinds: tuple[str, ...], path: Path, below: list[tuple[object, str, Path]]) -> bool:
    """Whether a value is of one of the types; the objects in it are put into `below`."""
    return value in _MISSING or any(_is(value, kind, path, below) for kind in kinds)


def _is(value: object, kind: str, path: Path, below: list[tuple[object, str, Path]]) -> bool:
    if kind.endswith("?") and value is None:
        return True
    kind = kind.removesuffix("?")
    if kind in _SCALARS:
        return _SCALARS[kind][1](value)
    inner = kind.strip("[]{}")
    if kind[0] == "{":
        return isinstance(value, dict) and all(
            inner == "any?" or _entry(one, inner, (*path, name), below) for name, one in value.items()
        )
    if kind[0] == "[":
        return isinstance(value, list) and all(
            _is_item(one, inner) or _entry(one, inner, (*path, number), below) for number, one in enumerate(value)
        )
    return _entry(value, inner, path, below)


def _is_item(value: object, inner: str) -> bool:
    """Whether an item of a list is a text, or of ports a number."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) or (inner == "port" and number)


def _entry(value: object, inner: str, path: Path, below: list[tuple[object, str, Path]]) -> bool:
    if value is None and inner.endswith("?"):
        return True
    name = inner.removesuffix("?")
    if name == "any":
        return True
    if not isinstance(value, dict):
        return False
    below.append((value, name, path))
    return True


def _named(kinds: tuple[str, ...]) -> str:
    """What a value should be, in words."""
    words = []
    for kind in kinds:
        bare = kind.removesuffix("?")
        if bare in _SCALARS:
            words.append(_SCALARS[bare][0])
        else:
            words.append({"[": "a list of texts or mappings", "{": "a mapping of mappings"}.get(bare[0], "a mapping"))
    return " or ".join(dict.fromkeys(words))
