"""What the property tests draw from: plain data, ways to write it, and texts that went wrong."""

from __future__ import annotations

import json

from hypothesis import strategies as st

# Characters that both PyYAML and ruamel can write; odd ones have tests of their own.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029\ufffe\uffff"),
    max_size=12,
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(["yes", "no", "0644", "1e3", "=", "<<", "null", "~", "", " a ", "# x", "- x", "a: b", "{{ x }}"])
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, None, '"', "|", ">"]),
        "width": st.sampled_from([20, 80, 10_000]),
        "indent": st.sampled_from([2, 4, 7]),
        "allow_unicode": st.booleans(),
        "explicit_start": st.booleans(),
        "explicit_end": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "sort_keys": st.booleans(),
    }
)


MANIFEST = """\
# a
apiVersion: v1
kind: Pod
metadata: {name: web, labels: &l {app: "x"}}
---
apiVersion: apps/v1
kind: Deployment  # guardrail: ignore[x] y
spec:
  template:
    metadata:
      labels: {<<: *l}
    spec:
      containers:
        - name: a
          image: 'b'
          command: [sh, "-c", |-]
        # guardrail: ignore[x] y
        - {image: "c\\n"}
      text: |
        x
---
{"apiVersion": "v1", "kind": "List", "items": [{"a": 1e5}, null]}
"""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from([MANIFEST, MANIFEST.replace("\n", "\r\n"), json.dumps({"a": [1, {"b": None}]})]))
    pieces = st.sampled_from(
        [
            "---\n",
            "\n...\n",
            "&a ",
            "*a",
            "<<: ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "'",
            '"',
            "#",
            ": ",
            "- ",
            "|",
            ">",
            "%",
            "\r",
            "\x85",
            "\u2028",
            "\ufeff",
            "\x00",
            "\x07",
            "😀",
            "!x ",
            "? ",
            "{{ a }}",
            "\\",
            ",",
            "\n",
            " ",
        ]
    )
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        cut_to = min(len(text), at + draw(st.integers(0, 8)))
        text = text[:at] + draw(pieces) + text[cut_to:]
    return text


ANY_TEXT = mutated() | st.text(st.sampled_from("ab:- \n{}[]'\"#&*!|>%\t,?~.\r<0x1"), max_size=40) | st.text(max_size=40)
