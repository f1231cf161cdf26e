"""What a shell of its own inherits, and what `set` and `cd` change of it."""

from __future__ import annotations

from typing import NamedTuple


class Options(NamedTuple):
    """What a shell of its own inherits: `set -e`, `set -o pipefail`, and where `cd` has gone ("?" when unknown)."""

    errexit: bool
    pipefail: bool
    directory: str = ""


def directory_after(directory: str, words: tuple[str, ...]) -> str:
    """Where `cd`, `pushd` and `popd` lead, as far as it is literal."""
    target = next((word for word in words[1:] if not word.startswith("-")), "")
    if words[0] == "popd" or "-" in words[1:2]:
        return "?"
    # GitHub starts every script in the workspace (github/docs, variables reference, GITHUB_WORKSPACE).
    for root in ("${{ github.workspace }}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"):
        if target.startswith(root):
            return f"/{target.removeprefix(root).strip(chr(47))}"
    if not target or "$" in target or "`" in target or target.startswith(("/", "~")) or directory == "?":
        return "?"
    return f"{directory}/{target}" if directory else target


def options_after(options: Options, words: tuple[str, ...] | list[str]) -> Options:
    """The options after `set words`, or of a shell called with them."""
    for i, word in enumerate(words):
        on = word.startswith("-")
        if word in ("-o", "+o", "--") or (word[:1] in "-+" and word[1:].isalpha() and not word.startswith("--")):
            if "e" in word:
                options = options._replace(errexit=on)
            if "o" in word and i + 1 < len(words):
                options = options._replace(errexit=on) if words[i + 1] == "errexit" else options
                options = options._replace(pipefail=on) if words[i + 1] == "pipefail" else options
    return options
