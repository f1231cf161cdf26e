"""Append the Markdown report to the job summary, cut to what GitHub takes (1 MiB for a step)."""

from __future__ import annotations

import os
from collections.abc import Mapping

LIMIT = 1024 * 1024
CUT = "\n\n*Cut here: the summary of a step may hold 1 MiB. The reports hold everything.*\n"


def shortened(text: str, limit: int = LIMIT) -> str:
    """Text of at most `limit` bytes: cut after a whole line, an open code fence closed."""
    data = text.encode()
    if len(data) <= limit:
        return text
    room = limit - len(CUT.encode()) - len("\n```")
    kept = data[:room].decode(errors="ignore").rpartition("\n")[0]
    fences = sum(line.startswith("```") for line in kept.splitlines())
    return kept + ("\n```" if fences % 2 else "") + CUT


def main(env: Mapping[str, str]) -> None:
    """Write the summary; without a report there is nothing to say."""
    try:
        with open(env.get("MARKDOWN_FILE", ""), encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return
    with open(env["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as out:
        out.write(shortened(text))


if __name__ == "__main__":
    main(os.environ)
