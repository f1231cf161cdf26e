"""Dockerfiles for tests: ordinary ones, and generated ones full of what the format has."""

from __future__ import annotations

from hypothesis import strategies as st

CASES = {
    "plain": 'FROM alpine:3.21\nRUN echo hi\nCMD ["sh"]\n',
    "continuations": "FROM a\nRUN one \\\n  two \\  \n# comment\n  # indented comment\n\n  three\nRUN four \\\n\n",
    "crlf": "FROM a\r\nRUN one \\\r\n  # comment\r\n  two\r\nCMD x\r\n",
    "escape": "# escape=`\nFROM a\nRUN dir c:\\ `\n  two\nCOPY x c:\\\nRUN y\n",
    "directives": "# syntax=docker/dockerfile:1\n#escape = `\n# check=skip=all\nFROM a\nRUN one `\ntwo\n",
    "no directive": "# a comment\n# escape=`\nFROM a\nRUN one `\nRUN two\n",
    "unknown directive": "# unknown=x\n# escape=`\nFROM a\nRUN one \\\ntwo\n",
    "double escape": "FROM a\nRUN one \\\\\nRUN two\n",
    "case": "from a as b\nrun x\nCopy --from=b x y\n",
    "heredoc": "FROM a\nRUN <<EOF\necho one\nFROM nothing\n\n# comment\nEOF\nRUN two\n",
    "heredocs": 'FROM a\nCOPY <<one <<-"two" /x/\n1\none\n\t2\n\ttwo\nRUN 3<<X cat <&3\nbody\nX\n',
    "no heredoc": 'FROM a\nRUN cat <<< word\nRUN echo "<<EOF"\nRUN echo 1<<2\n2\nENV X <<EOF\n',
    "heredoc behind continuation": "FROM a\nRUN cat \\\n  <<EOF > x \\\n  && true\nbody\nEOF\n",
    "onbuild heredoc": "FROM a\nONBUILD RUN <<EOF\nbody\nEOF\nRUN x\n",
    "empty lines": "\n\n  \nFROM a\n\n   RUN x\n\t# comment\n\n",
    "byte order mark": "\ufeff# escape=`\nFROM a\nRUN x `\n y\n",
    "at the end": "FROM a\nRUN x",
    "values": (
        'FROM a\nLABEL one=1 two="2 3"\nCOPY ["a b", "c", "/d/"]\nENTRYPOINT [ "a", "b\\"c" ]\nEXPOSE 80 443/tcp\n'
    ),
}

_WORDS = st.sampled_from(
    [
        "x",
        "--flag=a",
        "a=b",
        '"q r"',
        "'s'",
        "\\",
        "\\\\",
        "`",
        "#",
        "# c",
        "$X",
        "${X:-y}",
        "<<E",
        "<<-E",
        "<<'E'",
        "&&",
        "|",
    ]
)
_KEYWORDS = st.sampled_from(["RUN", "COPY", "ENV", "run", "CMD", "LABEL", "ONBUILD RUN", "WORKDIR", "ADD", "USER"])
_BREAKS = st.sampled_from(
    ["\n", "\n", "\n", " \\\n", "\\\n", "\\ \n", " \\\n\n", " \\\n# c\n", "\r\n", "\n\n", "\nE\n", "\n\tE\n"]
)


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A text that is nearly a Dockerfile."""
    head = draw(st.sampled_from(["", "# escape=`\n", "# c\n", "\n", "# syntax=x\n", "ARG A=1\n"]))
    parts = [head, "FROM a\n"]
    for _ in range(draw(st.integers(0, 6))):
        parts.append(draw(_KEYWORDS))
        for _ in range(draw(st.integers(1, 4))):
            parts += [" ", draw(_WORDS)]
            if draw(st.integers(0, 3)) == 0:
                parts.append(draw(_BREAKS))
        parts.append("\n")
    return "".join(parts)
