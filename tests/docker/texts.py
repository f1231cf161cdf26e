"""Dockerfiles for tests: ordinary ones, and generated ones full of what the format has."""

from __future__ import annotations

from hypothesis import strategies as st

CASES = {
    "plain": 'FROM alpine:3.23\nRUN echo hi\nCMD ["sh"]\n',
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

REFUSED = (
    "FROM a b\n",
    "FROM a AS\n",
    "FROM a AS b c\n",
    "FROM a AS 1x\n",
    "FROM a # comment\n",
    "FROM --platfrom=x a\n",
    "FROM --platform a\n",
    "FROM a\nCOPY a\n",
    "FROM a\nCOPY []\n",
    'FROM a\nCOPY ["a", 1]\n',
    "FROM a\nCOPY --bogus=1 a b\n",
    "FROM a\nCOPY --chmod a b\n",
    "FROM a\nCOPY --link=maybe a b\n",
    "FROM a\nCOPY --from=x --from=y a b\n",
    "FROM a\nCOPY <<a\nx\na\n",
    "FROM a\nRUN --network=bogus x\n",
    "FROM a\nRUN --bogus x\n",
    "FROM a\nRUN --mount=type=bogus x\n",
    "FROM a\nRUN --mount=type=cache,targt=/x y\n",
    "FROM a\nRUN --mount=type=secret y\n",
    'FROM a\nRUN ["a", ["b"]]\n',
    "FROM a\nCMD --port=80\n",
    "FROM a\nEXPOSE --x 80\n",
    "FROM a\nENV A\n",
    "FROM a\nENV A=B C\n",
    "FROM a\nENV =B\n",
    "FROM a\nLABEL a\n",
    "FROM a\nARG =x\n",
    "FROM a\nVOLUME []\n",
    'FROM a\nVOLUME [""]\n',
    "FROM a\nSHELL bash -c\n",
    "FROM a\nSHELL []\n",
    "FROM a\nHEALTHCHECK curl x\n",
    "FROM a\nHEALTHCHECK NONE x\n",
    "FROM a\nHEALTHCHECK CMD\n",
    "FROM a\nHEALTHCHECK --interval=5 CMD x\n",
    "FROM a\nHEALTHCHECK --interval=1d CMD x\n",
    "FROM a\nHEALTHCHECK --retries=x CMD x\n",
    "FROM a\nHEALTHCHECK --retries=-1 CMD x\n",
    "FROM a\nONBUILD ONBUILD RUN x\n",
    "FROM a\nONBUILD FROM x\n",
    "FROM a\nUSER\n",
    "FROM a\nRUN <<EOF\nx\n",
    "FROM a\nRUN echo $((1 << 2))\nRUN b\n",
    "# escape=`\n# escape=`\nFROM a\n",
    "RUN x\nFROM a\n",
    "FROM a\nnpm ci\n",
)
"""What BuildKit refuses."""

ACCEPTED = (
    "FROM a AS b.c-D_e\n",
    "FROM --platform=$BUILDPLATFORM a\n",
    "FROM a\nRUN\n",
    "FROM a\nRUN []\n",
    "FROM a\nRUN -- x\n",
    "FROM a\nRUN --mount=type=secret,id=x --mount=type=cache,target=/c,ro x\n",
    "FROM a\nRUN --mount=type=secret,source=x,required y\n",
    "FROM a\nRUN --network=host x\n",
    "FROM a\nRUN << EOF\nx\nEOF\n",
    "FROM a\nRUN x <<$A\nb\n$A\n",
    'FROM a\nRUN <<"E F"\nx\nE F\n',
    'FROM a\nRUN <<""\nRUN x\n',
    'FROM a\nRUN x "<<EOF\n',
    'FROM a\nCOPY "a b" c\n',
    "FROM a\nCOPY --link --chmod=0755 a b\n",
    "FROM a\nADD --checksum=sha256:aa https://a/b /c\n",
    "FROM a\nADD --keep-git-dir=true git@github.com:a/b.git /c\n",
    "FROM a\nCMD -- --x\n",
    "FROM a\nCMD\n",
    "FROM a\nHEALTHCHECK none\n",
    "FROM a\nHEALTHCHECK --interval=1m30s --retries=0 cmd x\n",
    "FROM a\nHEALTHCHECK CMD --x\n",
    "FROM a\nARG --x b\n",
    "FROM a\nARG a b=c\n",
    "FROM a\nENV A B\n",
    "FROM a\nENV A=\n",
    "FROM a\nSTOPSIGNAL --x a\n",
    "FROM a\nONBUILD RUN --x y\n",
    "ARG A\nFROM $A\n",
)
"""What looks odd and is taken."""

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
        "<< E",
        '<<"E F"',
        "--mount=type=cache,target=/c",
        "--from=b",
        '["a", "b"]',
        "a\\ b",
        "&&",
        "|",
    ]
)
_KEYWORDS = st.sampled_from(
    [
        "RUN",
        "COPY",
        "ENV",
        "run",
        "CMD",
        "LABEL",
        "ONBUILD RUN",
        "WORKDIR",
        "ADD",
        "USER",
        "VOLUME",
        "SHELL",
        "ARG",
        "FROM",
    ]
)
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
