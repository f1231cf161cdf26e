"""Which commit was scanned, as git tells it; nothing where it does not."""

from __future__ import annotations


def revision(root: str) -> dict[str, str]:
    """`repositoryUri`, `revisionId` and `branch` of the work tree at `root`, as far as they are known."""
    identity = _git(root, "rev-parse", "HEAD", "--abbrev-ref", "HEAD").splitlines()
    remote = _git(root, "config", "--get", "remote.origin.url")
    found = dict(zip(("revisionId", "branch"), identity, strict=False))
    if found.get("branch") == "HEAD":
        del found["branch"]  # a detached head is on no branch
    return {"repositoryUri": remote, **found} if remote else found


def _git(root: str, *arguments: str) -> str:
    import subprocess

    try:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
