"""Scripts of PowerShell and cmd.

Source: github/docs, workflow-syntax, "Exit codes and error action preference": pwsh and powershell get
`$ErrorActionPreference = 'stop'` before and `exit $LASTEXITCODE` behind the script; cmd ends with the status of the
last program. Without `shell`, Windows runs pwsh (data/reusables/actions/supported-shells.md).
"""

from __future__ import annotations

import pytest

from guardrail.actions.shell import commands


def masked(script: str, shell: str, head: str = "npm") -> str:
    return next(command.masked for command in commands(script, shell) if command.head == head)


@pytest.mark.parametrize(
    ("script", "hidden"),
    [
        ("npm test", False),
        ("npm test\nnpm run build", True),
        ("npm test\nWrite-Host done", False),
        ("npm test\nif ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }\nnode x.js", False),
        ("npm test\nif ($LASTEXITCODE -ne 0) { throw 'failed' }\nnode x.js", False),
        ("npm test\nif (-not $?) { exit 1 }\nnode x.js", False),
        ("npm test\nif ($LASTEXITCODE -ne 0) { Write-Host bad }\nnode x.js", True),
        ("npm test\nexit 0", True),
        ("npm test\nexit $LASTEXITCODE", False),
        ("npm test | Tee-Object log", False),
        ("npm test || exit 1\nnode x.js", False),
        ("npm test || Write-Host bad\nnode x.js", True),
        ("npm test; node x.js", True),
        ("$PSNativeCommandUseErrorActionPreference = $true\nnpm test\nnode x.js", False),
    ],
)
def test_programs_in_powershell(script: str, hidden: bool) -> None:
    assert bool(masked(script, "pwsh")) is hidden


def test_cmdlets_end_the_script() -> None:
    assert masked("Invoke-Pester -CI\nnode x.js", "pwsh", "Invoke-Pester") == ""
    assert masked("Remove-Item x -ErrorAction SilentlyContinue\nnode x.js", "pwsh", "Remove-Item")


def test_windows_runs_powershell_unless_told() -> None:
    assert masked("npm test\nnpm run build", "") == ""
    assert commands("npm test\nnpm run build", "", windows=True)[0].masked
    assert commands("npm test\nnpm run build", "bash", windows=True)[0].masked == ""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("npm ci; npm test", [("npm", "ci"), ("npm", "test")]),
        ("dotnet test `\n  --no-build", [("dotnet", "test", "--no-build")]),
        ("# npm ci\nnpm test # now", [("npm", "test")]),
        ("<# npm ci\n#> npm test", [("npm", "test")]),
        ("npm run 'a b' \"c; d\"", [("npm", "run", "a b", "c; d")]),
        ("$x = git rev-parse HEAD", [("git", "rev-parse", "HEAD")]),
        ("$x = 'a'\n$y = 1 + 2\n$z = @{ a = 1 }", []),
        ("if ($x) { npm ci } else { npm test }", [("npm", "ci"), ("npm", "test")]),
        ("foreach ($p in @('a', 'b')) {\n  npm test $p\n}", [("npm", "test", "$p")]),
        ("try { npm test } catch { exit 1 }", [("npm", "test"), ("exit", "1")]),
        ("& 'C:\\x y\\tool.exe' /a", [("C:\\x y\\tool.exe", "/a")]),
        ("Get-Item x | ForEach-Object { signtool sign $_ }", [("Get-Item", "x"), ("signtool", "sign", "$_")]),
        ("npm test --x=${{ matrix.y || 'a }} b' }}", [("npm", "test", "--x=${{ matrix.y || 'a }} b' }}")]),
        ("[IO.File]::WriteAllText('a', 'b')\n(Get-Item x).Name", []),
        ("@'\nnpm ci\n'@ | Set-Content x", [("Set-Content", "x")]),
        ("npm test $env:NAME", [("npm", "test", "value")]),
    ],
)
def test_words_of_powershell(script: str, expected: list[tuple[str, ...]]) -> None:
    found = [command.words for command in commands(script, "pwsh", {"NAME": "value"})]
    assert [words for words in found if words[0] != "ForEach-Object"] == expected


@pytest.mark.parametrize(
    ("script", "hidden"),
    [
        ("npm test", False),
        ("call npm test\nnode x.js", True),
        ("echo a\nnpm test", False),
        ("call npm test || exit /b 1\nnode x.js", False),
        ("call npm test\nif errorlevel 1 exit /b 1\nnode x.js", False),
        ("call npm test\nif %errorlevel% neq 0 exit /b %errorlevel%\nnode x.js", False),
        ("call npm test || echo bad\nnode x.js", True),
        ("call npm test & node x.js", True),
    ],
)
def test_only_the_last_program_counts_in_cmd(script: str, hidden: bool) -> None:
    assert bool(masked(script, "cmd")) is hidden


def test_words_of_cmd() -> None:
    script = '@echo off\nrem npm ci\n:: npm ci\ncall npm ^\n  run "a b" %NAME%\nif exist x npm test'
    found = [command.words for command in commands(script, "cmd", {"NAME": "value"}) if command.head == "npm"]
    assert found == [("npm", "run", "a b", "value"), ("npm", "test")]


@pytest.mark.parametrize("broken", ["npm 'x", 'npm "x', "if (x) { npm", "npm @'\nx"])
def test_what_cannot_be_split_says_so(broken: str) -> None:
    found = commands(f"node a.js\n{broken}", "pwsh")
    assert found[0].words == ("node", "a.js")
    assert found[-1].opaque
