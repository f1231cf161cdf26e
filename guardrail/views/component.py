"""A Kubernetes component and its flags as plain data, whatever source they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.place import Path

NAMES = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "etcd")
"""The components, by the name of their program."""


class Component(NamedTuple):
    """A component as one source shows it.

    `source` is `command`, `kubeadm` or `file`. `flags` are texts by name (or an UnknownValue), kubeadm's defaults and
    those of a configuration file among them where they differ from the program's; `places` says where those stand that
    are written, `missing` where another would be added. `stray` are words that are neither a flag nor its value.
    `minor` is the version 1.x where the source tells it, else 0. `partial` says what else may set flags, and reads
    after "depends on".
    """

    name: str
    source: str
    flags: Mapping[str, object]
    places: Mapping[str, Path]
    path: Path
    missing: Path
    stray: tuple[tuple[str, Path], ...] = ()
    minor: int = 0
    partial: str = ""

    @property
    def data(self) -> dict[str, object]:
        """What expressions see."""
        stray = [word for word, _ in self.stray]
        return {"name": self.name, "source": self.source, "flags": self.flags, "stray": stray, "minor": self.minor}

    @property
    def texts(self) -> dict[Path, tuple[Path, str]]:
        """For flags in a shell's script, whose place ends with the word: the script's path, and the word."""
        if self.source != "command":
            return {}
        places = (*self.places.values(), *(place for _, place in self.stray))
        return {place: (place[:-1], place[-1]) for place in places if isinstance(place[-1], str)}

    def origin(self, steps: Path) -> Path:
        """The path of what stands at some steps below the component: of a flag, the place where it is written."""
        if steps[:1] == ("flags",) and len(steps) > 1:
            return self.places.get(str(steps[1]), self.missing)
        if steps[:1] == ("stray",) and len(steps) > 1 and isinstance(steps[1], int) and steps[1] < len(self.stray):
            return self.stray[steps[1]][1]
        return self.missing if steps else self.path
