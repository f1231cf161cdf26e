"""What scripts write for later steps: by shell, by form, and whatever else a script may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks.injection_outputs import variables, writes, written

WORDS = """
echo "x=$A" ${B} $(cat >> $GITHUB_ENV "$GITHUB_OUTPUT" { } <<EOF EOF ' " ` $ x<< ::set-output name=x:: %GITHUB_PATH%
$env:GITHUB_ENV # tee -a é
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_script_is_read(script: str) -> None:
    for write in writes(script, ("ENV", "PATH", "OUTPUT")):
        assert write.file in ("ENV", "PATH", "OUTPUT")
        assert "\n" not in write.line
        assert all(name is None or name.isidentifier() for name in variables(write.text))
    for line, value in written(script, "x"):
        assert value in line


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('echo "A=$B" >> $GITHUB_ENV', [("ENV", ["B"])]),
        ('echo "A=$B" >> "${GITHUB_ENV}"', [("ENV", ["B"])]),
        ('echo "A=$B" | tee -a "$GITHUB_ENV"', [("ENV", ["B"])]),
        ("printf 'A=%s' \"$B\" >> $GITHUB_ENV", [("ENV", ["B"])]),
        ('{ \n echo "A=$B"\n echo C=$D\n} >> $GITHUB_OUTPUT', [("OUTPUT", ["B"]), ("OUTPUT", ["D"])]),
        ("cat <<EOF >> $GITHUB_ENV\nA=$B\nEOF\necho $C", [("ENV", ["B"])]),
        ("cat >> $GITHUB_ENV <<EOF\nA=$B\nEOF", [("ENV", ["B"])]),
        ("cat <<'EOF' >> $GITHUB_ENV\nA=$B\nEOF", []),
        ('Add-Content -Path $env:GITHUB_ENV -Value "A=$env:B"', [("ENV", ["B"])]),
        ('"A=$env:B" >> $env:GITHUB_ENV', [("ENV", ["B"])]),
        ("echo A=%B%>> %GITHUB_ENV%", [("ENV", ["B"])]),
        ("echo $B >> ${{ github.path }}", [("PATH", ["B"])]),
        ("cat $GITHUB_ENV", []),
        ('# echo "A=$B" >> $GITHUB_ENV', []),
        ("echo $GITHUB_ENVIRONMENT >> file", []),
    ],
)
def test_forms(script: str, found: list[tuple[str, list[str]]]) -> None:
    """workflow-commands, "Environment files", in bash and in PowerShell."""
    assert [(w.file, list(variables(w.text))) for w in writes(script, ("ENV", "PATH", "OUTPUT"))] == found


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('echo "x=$A" >> $GITHUB_OUTPUT', '$A"'),
        ("echo x=1 >> $GITHUB_OUTPUT", "1"),
        ("echo ::set-output name=x::$A", "$A"),
        ("echo y=1 >> $GITHUB_OUTPUT", None),
        ("echo x=1", None),
        ("echo max=1 >> $GITHUB_OUTPUT", None),
    ],
)
def test_outputs_by_name(script: str, value: str | None) -> None:
    assert [v for _, v in written(script, "x")] == ([] if value is None else [value])
