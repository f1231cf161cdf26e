"""Labels of GitHub-hosted runners, and shells.

Sources: actions/runner-images README ("Available Images") and its announcements (issues 3287, 5583, 7626, 9255, 10721,
11101, 12045, 13046, 13518, 14254); github/docs `data/reusables/actions/supported-shells.md`. As of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

_LINUX = "ubuntu-latest ubuntu-slim ubuntu-26.04 ubuntu-24.04 ubuntu-22.04".split()
_ARM = "ubuntu-26.04-arm ubuntu-24.04-arm ubuntu-22.04-arm windows-11-arm".split()
_WINDOWS = "windows-latest windows-2025 windows-2025-vs2026 windows-2022".split()
_MACOS = [f"macos-{v}{size}" for v, size in product(("latest", "26", "15"), ("", "-intel", "-large", "-xlarge"))]

HOSTED = frozenset({*_LINUX, *_ARM, *_WINDOWS, *_MACOS})
"""Labels of images that are there."""

RETIRED: Mapping[str, str] = {
    "ubuntu-16.04": "2021-09-20",
    "windows-2016": "2022-04-01",
    "macos-10.15": "2023-03-31",
    "ubuntu-18.04": "2023-04-03",
    "macos-11": "2024-06-28",
    "macos-12": "2024-12-03",
    "ubuntu-20.04": "2025-04-15",
    "windows-2019": "2025-06-30",
    "macos-13": "2025-12-08",
    "macos-14": "2026-11-02",
}
"""Images that are gone, and since when; `-large`, `-xlarge` and `-xl` of the same image went with it."""

AGEING: Mapping[str, str] = {"ubuntu-22.04": "2027-04-17", "ubuntu-22.04-arm": "2027-04-17"}
"""Images whose end is announced."""

REPLACED_BY = {"ubuntu": "ubuntu-24.04", "windows": "windows-2025", "macos": "macos-15"}
"""The image to write instead, by the word that a label begins with."""

SHELLS: Mapping[str, str] = {
    "bash": "",
    "pwsh": "",
    "python": "",
    "sh": "",
    "cmd": "windows",
    "powershell": "windows",
}
"""Shells by name, and the one system that has them, if it is one."""


def image(label: str) -> str:
    """The image of a label, lower-cased, without its size."""
    found = label.lower()
    for size in ("-xlarge", "-large", "-xl"):
        found = found.removesuffix(size)
    return found


def system(label: str) -> str:
    """`linux`, `windows` or `macos` of a hosted label, empty for others."""
    found = image(label)
    if found not in HOSTED and found not in RETIRED:
        return ""
    word = found.partition("-")[0]
    return "linux" if word == "ubuntu" else word
