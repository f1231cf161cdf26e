#!/usr/bin/env bash
# Installs guardrail from this checkout of the action into a venv under RUNNER_TEMP. Everything that
# is fetched is locked by hash and comes as a wheel, so no foreign build script runs; guardrail
# itself is built from the checkout with the locked backend. A second use of the same checkout in
# one job finds the venv ready.
set -euo pipefail

python="${INPUT_PYTHON:-python3}"
venv="${RUNNER_TEMP:?}/guardrail-venv"

if ! command -v -- "$python" >/dev/null; then
  echo "::error::guardrail: the input 'python' names no program on this runner"
  exit 2
fi
if ! "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "::error::guardrail: Python 3.11 or later is needed; set it up before this action, or name it with the input 'python'"
  exit 2
fi

if [ "$(cat "$venv/.ready" 2>/dev/null || true)" != "$GITHUB_ACTION_PATH" ]; then
  "$python" -I -m venv --clear "$venv"
  scripts="$venv/bin"
  [ -d "$scripts" ] || scripts="$venv/Scripts" # Windows
  pip=("$scripts/python" -I -m pip --quiet --disable-pip-version-check install)
  "${pip[@]}" --require-hashes --only-binary :all: -r "$GITHUB_ACTION_PATH/action/requirements.txt"
  "${pip[@]}" --no-deps --no-build-isolation --no-index "$GITHUB_ACTION_PATH"
  printf '%s' "$GITHUB_ACTION_PATH" >"$venv/.ready"
fi

scripts="$venv/bin"
[ -d "$scripts" ] || scripts="$venv/Scripts"
printf 'python=%s\n' "$scripts/python" >>"$GITHUB_OUTPUT"
