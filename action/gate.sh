#!/usr/bin/env bash
# Ends the action with the exit code of the scan. Without one there was no scan, and that is no pass.
set -euo pipefail

case "${EXIT_CODE:-}" in
  0) ;;
  1) echo "::error::guardrail: findings at or above the threshold; see the annotations and the summary" ;;
  2) echo "::error::guardrail: wrong usage, settings or policy; see the log of the scan" ;;
  3) echo "::error::guardrail: some input could not be evaluated, so this is not a pass; see the log of the scan" ;;
  4) echo "::error::guardrail: internal error; see the log of the scan" ;;
  *)
    echo "::error::guardrail: the scan did not run"
    exit 4
    ;;
esac
exit "$EXIT_CODE"
