"""guardrail's own CEL: compile an expression once, evaluate it on plain data, explain a failure.

Semantics: cel-spec langdef.md; extension libraries of cel-go and Kubernetes; unknown values are
three-valued. See POLICY_LANGUAGE.md sections 5 to 7.
"""

from __future__ import annotations

from guardrail.cel.errors import CelCompileError, CelError
from guardrail.cel.explain import Blame, Origin, Path
from guardrail.cel.program import Program, compile

__all__ = ["Blame", "CelCompileError", "CelError", "Origin", "Path", "Program", "compile"]
