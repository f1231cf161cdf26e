"""What tokens look like (hcl/hclsyntax/spec.md, "Lexical Elements", and scan_tokens.rl where it is silent).

All patterns are linear: what repeats is possessive, and nothing that ends late begins often.
"""

from __future__ import annotations

import re

IDENTIFIER = r"[^\x00-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*+"
"""Letters, digits, `_` and `-`. A character beyond ASCII may belong to a name, too; which ones do is checked later.
(The classes say what they do not hold, as `re` compiles ranges beyond ASCII slowly.)"""

_PATH = rf"{IDENTIFIER}(?:\.{IDENTIFIER})*+"
_STRING = rf'"(?:[^"\\$%\n\r]++|\\[^\n\r]|[$%](?![$%{{])|\$\{{[ ]?{_PATH}[ ]?\}})*+"'
_NUMBER = r"[0-9]++(?:\.*+(?:[0-9]|[eE][-+]?[0-9])[0-9]*+)*+"  # as generous as HashiCorp's scanner
_GAP = r"(?:[ \t\r\n]|\#[^\n]*+|//[^\n]*+|/\*.*?\*/)"
CODE = re.compile(
    rf"""(?:
     ({IDENTIFIER})((?:\.{IDENTIFIER})++)?+    # 1 a name, 2 the attributes behind it
    |(,[ \t\r\n]*+|=[=>]|[!<>]=|&&|\|\||\.\.\.|::|<(?!<-?{IDENTIFIER}\r?\n)|[-+*%>!?:.=]|/(?![/*]))  # 3
    |({_STRING})(,[ \t\r\n]*+)?+              # 4 a quoted string with nothing but references in it, 5 a comma
    |(~?\}}|[)\]])                             # 6
    |([(\[])[ \t\r\n]*+                       # 7
    |({_NUMBER})                               # 8
    |(\{{(?={_GAP}*+for{_GAP}++{IDENTIFIER}{_GAP}*+(?:,|in(?![\w-]))))  # 9 an object made by `for`
    |(\{{)?+[ \t]*+\r?\n[ \t\r\n]*+           # 10, line ends, and what most lines begin with:
        (?:(\}})                               # 11
        |({IDENTIFIER})[ \t]*+(=)(?![=>])[ \t]*+  # 12 and 13 a name that is set
        (?:({_STRING})|({_NUMBER})|({IDENTIFIER})((?:\.{IDENTIFIER})++)?+)?+)?+  # 14 to 17 the first token of its value
    |(\{{)                                     # 18
    |(\#[^\n]*+|//[^\n]*+)                     # 19 a comment
    |(")                                       # 20 a quoted string with interpolation, or one that is not closed
    |(<<-?{IDENTIFIER}\r?\n)                   # 21 a heredoc
    |(/\*)                                     # 22 a comment over lines
    |(\Z)                                      # 23
    |(.)                                       # 24 nothing of the language
    )[ \t]*+""",
    re.VERBOSE | re.DOTALL,
)
LINES = {
    14: ("name", "=", "string"),
    15: ("name", "=", "number"),
    16: ("name", "=", "name"),
    17: ("name", "=", "path"),
}
QUOTED = re.compile(r'(?:[^"\\$%\n\r]++|\\[^\n\r]|\$\$\{|%%\{|[$%](?!\{))*+')
BARE = re.compile(r"(?:[^$%]++|\$\$\{|%%\{|[$%](?!\{))*+")
INTRODUCER = re.compile(r"[$%]\{~?[ \t]*+")
REFERENCE = re.compile(rf"(\$\{{)[ \t]*+({IDENTIFIER}(?:\.{IDENTIFIER})++)[ \t]*+(\}})")
LONE = re.compile(rf"^[ \t\v\f]*+({IDENTIFIER})[ \t\v\f]*+\r?$", re.MULTILINE)
MARGIN = re.compile(r"[ \t\v\f]*+")
BLANKS = re.compile(r"[ \t]*+")
PARTNER = {")": "(", "]": "["}
