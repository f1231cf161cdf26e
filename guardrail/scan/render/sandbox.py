"""Other people's tools run on other people's files: in a folder of their own, without network, with limits.

A chart or overlay is untrusted input. The tool sees a copy of it and an empty home; `unshare` takes the network away
where the system lets it, and proxies that nobody answers do elsewhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from guardrail.scan.discover import LEFT_ALONE

MOST_OUTPUT = 16 * 1024 * 1024
"""Bytes that a tool may write: as much as a file may have that is read."""

MOST_FILES, MOST_BYTES = 10_000, 64 * 1024 * 1024
"""What a chart may hold."""

_MOST_MEMORY = 8 * 1024 * 1024
"""KiB of address space: Go reserves far more than it uses."""

_MOST_USED = 1536 * 1024
"""KiB of memory that is written to; charts of ten megabytes take a third of that."""

_LIMITED = 'ulimit -c 0; ulimit -t "$1"; ulimit -f "$2"; ulimit -v "$3"; ulimit -d "$4"; shift 4; exec "$@"'
_OUT_OF_TIME = "was not done: all charts and overlays together took too long"
_NOWHERE = "http://127.0.0.1:9"
"""The discard port: connections are refused at once."""

_PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Done(NamedTuple):
    """What a tool wrote; `failure` is a sentence, empty when it came to its end as it should."""

    output: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A folder in which tools may do as they like; `seconds` is how long all that runs in it may take together.

    `until` is when everything has to be done, by the clock that has no dates.
    """

    folder: str
    seconds: int
    _alone: list[list[str]] = field(default_factory=list)
    until: float = float("inf")
    _since: list[float] = field(default_factory=list)

    def run(self, command: Sequence[str], cwd: str, network: bool = False) -> Done:
        """Run a command, with the network only where the user asked for that.

        Whatever it does, this returns in time and without raising.
        """
        import tempfile

        if monotonic() >= self.until:
            return Done("", _OUT_OF_TIME)
        limits = (self.seconds + 1, MOST_OUTPUT // 512, _MOST_MEMORY, _MOST_USED)
        limited = ["/bin/sh", "-c", _LIMITED, "sh", *map(str, limits)]
        with tempfile.TemporaryFile(dir=self.folder) as out, tempfile.TemporaryFile(dir=self.folder) as err:
            try:
                process = subprocess.Popen(
                    [*(() if network else self._apart()), *limited, *command],
                    cwd=cwd,
                    env=self._environment(network),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
            except OSError as error:
                return Done("", f"{os.path.basename(command[0])} cannot be run: {error.strerror or error}")
            return self._wait(process, out.fileno(), err.fileno())

    def _left(self) -> float:
        """Seconds that are left; the first command starts the clock."""
        if not self._since:
            self._since.append(monotonic())
        return max(min(self._since[0] + self.seconds, self.until) - monotonic(), 0.01)

    def _wait(self, process: subprocess.Popen[bytes], out: int, err: int) -> Done:
        from threading import Timer

        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            _kill(process)

        timer = Timer(self._left(), stop)  # wait(timeout) would look now and then only
        timer.start()
        try:
            code = process.wait()
        finally:
            timer.cancel()
            _kill(process)
        if late and monotonic() >= self.until:
            return Done("", _OUT_OF_TIME)
        if late:
            return Done("", f"took longer than {self.seconds} seconds and was stopped")
        if os.fstat(out).st_size >= MOST_OUTPUT:
            return Done("", f"renders to more than {MOST_OUTPUT // 1024 // 1024} MiB and was stopped")
        if code:
            said = _read(err, 100_000).strip()
            if said.startswith(("runtime: ", "fatal error: ")) and "out of memory" in said[:500]:
                return Done("", f"needs more than {_MOST_USED // 1024} MiB of memory and was stopped")
            return Done("", said or f"ended with exit code {code}")
        return Done(_read(out, MOST_OUTPUT))

    def _environment(self, network: bool) -> dict[str, str]:
        """Nothing of the user's: no home, no credentials, no plugins, no way out."""
        home = os.path.join(self.folder, "home")
        os.makedirs(home, exist_ok=True)
        proxies = _ways_out() if network else dict.fromkeys(_PROXIES, _NOWHERE)
        own = {
            name: os.path.join(home, name.lower())
            for name in (
                "XDG_CACHE_HOME",
                "XDG_CONFIG_HOME",
                "XDG_DATA_HOME",
                "HELM_CACHE_HOME",
                "HELM_CONFIG_HOME",
                "HELM_DATA_HOME",
                "HELM_PLUGINS",
                "KUSTOMIZE_PLUGIN_HOME",
                "KUBECONFIG",
            )
        }
        go = {"GOMAXPROCS": "2", "GOGC": "off", "GOMEMLIMIT": "512MiB"}  # what is gone soon needs no collecting
        return {"HOME": home, "TMPDIR": home, "PATH": "/nonexistent", **go, **proxies, **own}

    def _apart(self) -> list[str]:
        """How to run a command without network, where the system lets a user do so; asked once."""
        if not self._alone:
            tool = shutil.which("unshare")
            command = [os.path.abspath(tool), "--map-current-user", "--net", "--"] if tool else []
            self._alone.append(command if command and _works([*command, "/bin/true"]) else [])
        return self._alone[0]


def _ways_out() -> dict[str, str]:
    """How this system reaches the network: its proxies, and the certificates it trusts."""
    from ssl import get_default_verify_paths
    from urllib.request import getproxies

    trusted = get_default_verify_paths().cafile
    ways = {f"{scheme}_proxy".upper(): address for scheme, address in getproxies().items()}
    return {**ways, "SSL_CERT_FILE": trusted} if trusted else ways


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _kill(process: subprocess.Popen[bytes]) -> None:
    """See to it that nothing of a process is left, nor of what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()


def _read(descriptor: int, most: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts: list[bytes] = []
    while most > 0 and (part := os.read(descriptor, min(most, 1 << 20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts).decode("utf-8", "replace")


class TooMuch(Exception):
    """A folder is larger than what is copied."""


def copy(source: str, target: str, within: str) -> None:
    """Copy the regular files of a folder; links are followed only to what lies below `within`.

    Raises TooMuch beyond the limits, OSError for what cannot be read.
    """
    files = size = 0
    within = os.path.realpath(within)
    seen: set[str] = set()
    waiting = [(source, target)]
    while waiting:
        folder, to = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue  # a link that leads round in circles
        seen.add(real)
        os.makedirs(to, exist_ok=True)
        for entry in sorted(os.scandir(folder), key=lambda e: e.name):
            if entry.name in LEFT_ALONE or not inside(entry.path, within):
                continue
            if entry.is_dir():
                waiting.append((entry.path, os.path.join(to, entry.name)))
            elif entry.is_file():
                files, size = files + 1, size + entry.stat().st_size
                if files > MOST_FILES or size > MOST_BYTES:
                    raise TooMuch
                shutil.copyfile(entry.path, os.path.join(to, entry.name))


def inside(path: str, folder: str) -> bool:
    """Whether a path, links followed, lies below a real folder."""
    real = os.path.realpath(path)
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def unpacked(archive: str, to: str) -> str:
    """Unpack a chart's archive; why that was not possible, or nothing."""
    import tarfile

    most, files = MOST_BYTES, 0
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                path = "/".join(member.name.split("/")[1:])
                if not member.isfile() or not path or ".." in path.split("/"):
                    continue
                most, files = most - member.size, files + 1
                if most < 0 or files > MOST_FILES:
                    return "has too many or too large files to be rendered"
                target = os.path.join(to, *path.split("/"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                source = packed.extractfile(member)
                if source is not None:
                    with source, open(target, "wb") as file:
                        shutil.copyfileobj(source, file)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        return f"is no archive of a chart: {error}"
    return ""
