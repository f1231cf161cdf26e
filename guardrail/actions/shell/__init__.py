"""Shell scripts of `run:` steps: which commands they run, and which failures count."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions.shell.command import Command
from guardrail.actions.shell.script import commands
from guardrail.actions.shell.shells import BATCH, OTHER, POSIX, POWERSHELL, Shell, shell

__all__ = ["BATCH", "OTHER", "POSIX", "POWERSHELL", "Command", "Mapping", "Shell", "commands", "shell"]
