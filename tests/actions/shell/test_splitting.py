"""How a script falls apart into commands: words, quotes, here-documents, substitutions, wrappers, values."""

from __future__ import annotations

import pytest

from guardrail.actions.shell import Command, commands


def words(script: str, shell: str = "", **values: str) -> list[tuple[str, ...]]:
    return [command.words for command in commands(script, shell, values)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("npm test", [("npm", "test")]),
        ("a; b & c\nd && e || f | g", [(x,) for x in "abcdefg"]),
        ("npm \\\n  run \\\n  lint", [("npm", "run", "lint")]),
        ("a # npm test\n# b\nc#d e", [("a",), ("c#d", "e")]),
        ("echo 'a; b' \"c && d\" e\\;f", [("echo", "a; b", "c && d", "e;f")]),
        ('echo "a \\"b\\" $c" \'$d\'', [("echo", 'a "b" $c', "$d")]),
        ("echo $'it\\'", [("echo", "it\\")]),
        ("cat <<EOF\nrm -rf /; it's\nEOF\nnpm test", [("cat",), ("npm", "test")]),
        ("cat <<-'A' <<B\n\tx\n\tA\ny\nB\nz", [("cat",), ("z",)]),
        ("cat <<< 'a b'; c", [("cat",), ("c",)]),
        ("! a", [("a",)]),
        ("if a; then b; elif c; then d; else e; fi", [(x,) for x in "abcde"]),
        ("while a; do b; done; until c; do d; done", [(x,) for x in "abcd"]),
        ("for x in 1 2; do a; done\nfor ((i=0; i<3; i++)); do b; done", [("a",), ("b",)]),
        ("case $x in a|b) c ;; (d) e ;& *) f; esac", [("c",), ("e",), ("f",)]),
        ("(a; b) && { c; d; }", [(x,) for x in "abcd"]),
        ("a > out 2>&1 < in", [("a",)]),
        ("a >out&", [("a",)]),
        ("[[ $x =~ ^(a|b)$ && 1 < 2 ]] && a", [("[[ $x =~ ^(a|b)$ && 1 < 2 ]]",), ("a",)]),
        ("((x > 1)) && a", [("((x > 1))",), ("a",)]),
        ("x=(1 2 3); a", [("a",)]),
        ("X=1 Y='2 3' a b", [("a", "b")]),
        ("x=1", []),
        ("a $((1 + 2)) b", [("a", "$((1 + 2))", "b")]),
        ("", []),
        ("# nothing", []),
        ("a\r\nb\r\n", [("a",), ("b",)]),
    ],
)
def test_words(script: str, expected: list[tuple[str, ...]]) -> None:
    assert words(script) == expected


@pytest.mark.parametrize(
    "script",
    [
        *("x=$(npm test)", "x=`npm test`", 'echo "$(npm test)"', "a <(npm test)", "eval 'npm test'", "(npm test)"),
        *("bash -c 'npm test'", "sh -ec 'npm test'", "trap 'npm test' EXIT", "f() { npm test; }; f"),
        "function f { npm test; }\nf",
    ],
)
def test_commands_within_commands(script: str) -> None:
    assert ("npm", "test") in words(script)


def test_functions_that_nobody_calls_run_nothing() -> None:
    assert words("deploy() { kubectl apply -f x; }\necho done") == [("echo", "done")]


def test_the_body_of_a_function_stands_where_it_is_called() -> None:
    script = "main() { kubectl apply -f x; }\nnpm test\nmain"
    found = {command.head: command.order for command in commands(script)}
    assert found["npm"] < found["kubectl"] == script.index("\nmain") + 1


EXPRESSIONS = [
    "${{ matrix.x }}",
    "${{ matrix.x || 'it''s' }}",
    "${{ a && b }}",
    "${{ format('{0} }} \" ( ', x) }}",
    "${{ github.ref == 'refs/heads/main' && 'a b' || \"c\" }}",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_are_words(expression: str) -> None:
    assert words(f"a --x={expression} b") == [("a", f"--x={expression}", "b")]
    assert words(f'a "{expression}" b') == [("a", expression, "b")]
    assert words(f"a {expression}") == [("a", expression)]


def test_known_values_are_put_in() -> None:
    assert words("a $X ${Y} '$X' \"$Y\"", X="1 2", Y="3 4") == [("a", "1", "2", "3", "4", "$X", "3 4")]
    assert words("a ${{ env.X }} ${{matrix.y}}", **{"env.X": "1", "matrix.y": "2"}) == [("a", "1", "2")]
    assert words("${{ matrix.run }}", **{"matrix.run": "npm test && npm run lint"}) == [
        ("npm", "test"),
        ("npm", "run", "lint"),
    ]
    assert words("IMAGE=app:$TAG\ndocker push $IMAGE", TAG="1") == [("docker", "push", "app:1")]
    assert words("a ${X:-b}", X="c") == [("a", "c")]


def test_values_that_depend_are_not_known() -> None:
    assert words("if x; then E=a; else E=b; fi\ndeploy $E")[-1] == ("deploy", "$E")
    assert words("E=$(date)\ndeploy $E")[-1] == ("deploy", "$E")
    assert words("for E in a b; do deploy $E; done")[-1] == ("deploy", "$E")


def test_offsets_are_those_of_the_original() -> None:
    script = "echo ${{ env.LONG }}\nnpm test ${{ env.LONG }}; npm run lint"
    for command in commands(script, "", {"env.LONG": "x" * 50}):
        assert script[command.order :].startswith(command.head)
        assert command.line == script.count("\n", 0, command.order)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("sudo -E -u root apt-get install x", ("apt-get", "install", "x")),
        ("env A=1 -u B npm test", ("npm", "test")),
        ("time npm test", ("npm", "test")),
        ("timeout -k 5 10m npm test", ("npm", "test")),
        ("nice -n 5 npm test", ("npm", "test")),
        ("npx --yes jest --ci", ("jest", "--ci")),
        ("npx -p typescript tsc", ("tsc",)),
        ("npm exec -- jest", ("jest",)),
        ("pnpm exec jest", ("jest",)),
        ("pnpm dlx jest", ("jest",)),
        ("yarn dlx jest", ("jest",)),
        ("bunx jest", ("jest",)),
        ("poetry run pytest -x", ("pytest", "-x")),
        ("uv run --group dev pytest", ("pytest",)),
        ("uvx ruff check", ("ruff", "check")),
        ("pipenv run pytest", ("pytest",)),
        ("bundle exec rspec", ("rspec",)),
        ("python -m pytest", ("pytest",)),
        ("python3 -m pytest", ("pytest",)),
        ("coverage run -m pytest", ("pytest",)),
        ("find . | xargs -n 1 shellcheck", ("shellcheck",)),
        ("xvfb-run -a npm test", ("npm", "test")),
        ("docker run --rm -v $PWD:/x app npm test", ("npm", "test")),
        ("docker compose -f x.yml run --rm web pytest", ("pytest",)),
        ("conda run -n env pytest", ("pytest",)),
        ("sudo -u deploy timeout 5 npx jest", ("jest",)),
        ("nix develop -c cargo test", ("cargo", "test")),
        ("kubectl exec pod -- pytest", ("pytest",)),
        ("command -v node", ("command", "-v", "node")),
        ("npm run lint", ("npm", "run", "lint")),
    ],
)
def test_wrappers(script: str, expected: tuple[str, ...]) -> None:
    assert commands(script)[-1].words == expected


def test_wrappers_that_do_something_themselves_stay() -> None:
    heads = [command.head for command in commands("docker run --rm app npm test")]
    assert heads == ["docker", "npm"]
    assert commands("docker run --rm app npm test")[1].wrappers == ("docker run app",)
    assert [c.head for c in commands("nyc mocha")] == ["nyc", "mocha"]
    assert [c.head for c in commands("nyc report --reporter=text")] == ["nyc"]


def test_scripts_for_other_shells() -> None:
    over = commands("ssh -i key user@host 'cd app && docker compose up -d'")
    assert [command.words[0] for command in over] == ["ssh", "cd", "docker"]
    assert over[-1].wrappers == ("ssh user@host",)
    assert [c.head for c in commands("ssh user@host <<EOF\ncd app\ndocker compose up -d\nEOF")] == [
        "ssh",
        "cd",
        "docker",
    ]
    assert [c.head for c in commands("bash -s <<EOF\nnpm ci\nnpm test\nEOF")] == ["npm", "npm"]
    inner = commands("sudo bash -c 'npm ci && npm test'")
    assert [command.words for command in inner] == [("npm", "ci"), ("npm", "test")]


def test_documents_outputs_folders_and_assignments() -> None:
    first = commands("kubectl apply -f - <<EOF > log\nkind: Pod\nEOF")[0]
    assert (first.document, first.output) == ("kind: Pod\n", "log")
    assert commands("CI=1 X='a b' npm test")[0].assigned == {"CI": "1", "X": "a b"}
    assert [c.directory for c in commands("(cd a && x)\ncd b\ny\ncd $C\nz") if c.head in "xyz"] == ["a", "b", "?"]
    assert commands("cd $GITHUB_WORKSPACE/web && x")[-1].directory == "/web"


@pytest.mark.parametrize(
    "broken", ["npm test 'x", 'a "b', "a $(b", "if a; then b", "a ${b", "fi", "a; )", "case x in", "a |"]
)
def test_what_cannot_be_split_says_so(broken: str) -> None:
    found = commands(f"npm ci\n{broken}\n")
    assert found[0] == Command(("npm", "ci"), "npm ci", 0, 0)
    assert "cannot be split" in found[-1].opaque
    assert found[-1].order >= 7
