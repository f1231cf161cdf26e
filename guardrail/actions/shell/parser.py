"""The grammar of a POSIX or bash script: recursive descent, bounded in depth, and nothing is ever raised.

What cannot be read ends the tree: `Script.rest` says from where on and `Script.reason` why.
"""

from __future__ import annotations

import re

from guardrail.actions.shell.lexer import END, OPERATOR, REDIRECT, WORD, Lexer, Token, Unsplittable
from guardrail.actions.shell.tree import (
    AndOr,
    Case,
    Commands,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Word,
)

_DEEPEST, _MOST = 32, 10_000
"""How deep lists may stand in one another, and how many items the outermost may have."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^]]*\])?\+?=")
_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_NO_END = frozenset[str]()


def parse(text: str, start: int, end: int, holes: dict[int, int]) -> Script:
    """The script in `text[start:end]`; `holes` is where its `${{ }}` begin and end."""
    parser = _Parser(Lexer(text, start, end, holes))
    body: list[AndOr] = []
    try:
        while (item := parser.item(_NO_END)) is not None:
            body.append(item)
            if len(body) > _MOST:
                raise Unsplittable("it is too long", parser.lexer.at)
        if parser.lexer.peek().kind != END:
            raise Unsplittable(f"`{parser.lexer.peek().text}` is out of place", parser.begun)
    except Unsplittable as error:
        return Script(tuple(body), parser.begun, str(error), parser.lexer.documents)
    return Script(tuple(body), -1, "", parser.lexer.documents)


class _Parser:
    """`begun` is where the item of the outermost list that is being read begins."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.begun = lexer.at
        self.depth = 0

    def item(self, ends: frozenset[str]) -> AndOr | None:
        """The next and-or list with the separator behind it; None before a word or operator of `ends`."""
        self._newlines(";")
        token = self.lexer.peek()
        if self.depth == 0:
            self.begun = token.start
        if token.kind == END or token.text in ends:
            return None
        if (token.kind == OPERATOR and token.text != "(") or (token.kind == WORD and token.text in _CLOSING):
            raise Unsplittable(f"`{token.text}` is out of place", token.start)
        found = self._and_or()
        separator = self.lexer.peek()
        if separator.kind == OPERATOR and separator.text in (";", "&", "\n"):
            self.lexer.take()
            found = found._replace(background=separator.text == "&")
        return found

    def _list(self, *ends: str) -> Commands:
        """The items up to one of `ends`, which is taken."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unsplittable("it is nested too deeply", self.begun)
        stops = frozenset(ends)
        found: list[AndOr] = []
        while (item := self.item(stops)) is not None:
            found.append(item)
        self.depth -= 1
        if self.lexer.peek().kind == END:
            raise Unsplittable(f"`{ends[0]}` is missing", self.begun)
        return tuple(found)

    def _newlines(self, more: str = "") -> None:
        while self.lexer.peek().kind == OPERATOR and self.lexer.peek().text in ("\n", *more):
            self.lexer.take()

    def _expect(self, text: str) -> Token:
        self._newlines()
        token = self.lexer.take()
        if token.text != text:
            raise Unsplittable(f"`{text}` is missing", token.start)
        return token

    def _and_or(self) -> AndOr:
        pipelines, operators = [self._pipeline()], []
        while self.lexer.peek().kind == OPERATOR and self.lexer.peek().text in ("&&", "||"):
            operators.append(self.lexer.take().text)
            self._newlines()
            pipelines.append(self._pipeline())
        return AndOr(tuple(pipelines), tuple(operators), False, pipelines[0].start, pipelines[-1].end)

    def _pipeline(self) -> Pipeline:
        start, negated = self.lexer.peek().start, False
        while self.lexer.peek().kind == WORD and self.lexer.peek().text == "!":
            self.lexer.take()
            negated = not negated
        commands = [self._command()]
        while self.lexer.peek().kind == OPERATOR and self.lexer.peek().text in ("|", "|&"):
            self.lexer.take()
            self._newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated, start, commands[-1].end)

    def _command(self) -> Node:
        token = self.lexer.peek()
        if token.kind == OPERATOR and token.text == "(":
            node: Node = self._parenthesis(token)
        elif token.kind == WORD and token.text in _COMPOUNDS:
            node = _COMPOUNDS[token.text](self, self.lexer.take())
        elif token.kind in (WORD, REDIRECT):
            return self._simple(token)
        else:
            raise Unsplittable(f"a command is missing before `{token.text.strip() or 'the end'}`", token.start)
        while self.lexer.peek().kind == REDIRECT:
            node = node._replace(end=self.lexer.take().end)
        return node

    def _simple(self, first: Token) -> Simple | Function:
        assignments: list[Word] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        end = first.end
        while (token := self.lexer.peek()).kind in (WORD, REDIRECT):
            self.lexer.take()
            end = token.end
            if token.redirect is not None:
                redirects.append(token.redirect)
            elif token.text == "[[" and not words:
                words.append(self.lexer.test(token))
                end = words[-1].end
            elif token.word is not None:
                (assignments if not words and assigns(token.word) else words).append(token.word)
        if len(words) == 1 and not (assignments or redirects) and token.text == "(" and words[0].literal():
            return self._function_of(words[0].literal(), first)
        return Simple(tuple(assignments), tuple(words), tuple(redirects), first.start, end)

    def _function_of(self, name: str, first: Token) -> Function:
        self._expect("(")
        self._expect(")")
        return self._function_body(name, first)

    def _function_body(self, name: str, first: Token) -> Function:
        self._newlines()
        body = self._command()
        pipeline = Pipeline((body,), False, body.start, body.end)
        items = body.body if isinstance(body, Group) and not body.subshell else None
        if items is None:
            items = (AndOr((pipeline,), (), False, body.start, body.end),)
        return Function(name, items, first.start, body.end)

    def _parenthesis(self, token: Token) -> Node:
        if self.lexer.text.startswith("((", token.start):
            word = self.lexer.test(token)
            return Simple((), (word,), (), token.start, word.end)
        self.lexer.take()
        body = self._list(")")
        return Group(body, True, token.start, self.lexer.take().end)

    def group(self, first: Token) -> Node:
        """`{ list; }`."""
        body = self._list("}")
        return Group(body, False, first.start, self.lexer.take().end)

    def function(self, first: Token) -> Node:
        """`function name [()] compound-command`."""
        name = self.lexer.take()
        if self.lexer.peek().text == "(":
            return self._function_of(name.text, first)
        return self._function_body(name.text, first)

    def condition(self, first: Token) -> Node:
        """`if list; then list; [elif list; then list;] [else list;] fi`."""
        branches: list[tuple[Commands, Commands]] = []
        otherwise: Commands | None = None
        word = "if"
        while word in ("if", "elif"):
            test = self._list("then")
            self.lexer.take()
            branches.append((test, self._list("fi", "elif", "else")))
            word = self.lexer.take().text
        end = self.lexer.at
        if word == "else":
            otherwise = self._list("fi")
            end = self.lexer.take().end
        return If(tuple(branches), otherwise, first.start, end)

    def loop(self, first: Token) -> Node:
        """`while list; do list; done`, and `until`."""
        test = self._list("do")
        self.lexer.take()
        body = self._list("done")
        return Loop(first.text, test, body, "", (), first.start, self.lexer.take().end)

    def each(self, first: Token) -> Node:
        """`for name [in words]; do list; done`, `for ((…;…;…))`, and `select`."""
        token = self.lexer.peek()
        words: list[Word] = []
        if token.text == "(":
            self.lexer.test(token)
        else:
            self.lexer.take()
            self._newlines()
            if self.lexer.peek().text == "in":
                self.lexer.take()
                words = self._words()
        self._newlines(";")
        braces = self.lexer.peek().text == "{"
        self.lexer.take()
        body = self._list("}" if braces else "done")
        return Loop(first.text, (), body, token.text, tuple(words), first.start, self.lexer.take().end)

    def _words(self) -> list[Word]:
        found: list[Word] = []
        while self.lexer.peek().kind == WORD:
            word = self.lexer.take().word
            found += [word] if word is not None else []
        return found

    def case(self, first: Token) -> Node:
        """`case word in [(] pattern [| pattern]) list;; … esac`."""
        subject = self.lexer.take()
        if subject.word is None:
            raise Unsplittable("`case` without a word", first.start)
        self._expect("in")
        arms: list[tuple[str, Commands]] = []
        self._newlines()
        while self.lexer.peek().text != "esac":
            arms.append((self._pattern(), self._list("esac", ";;", ";&", ";;&")))
            if self.lexer.peek().text != "esac":
                self.lexer.take()
            self._newlines()
        return Case(subject.word, tuple(arms), first.start, self.lexer.take().end)

    def _pattern(self) -> str:
        if self.lexer.peek().text == "(":
            self.lexer.take()
        start = self.lexer.peek().start
        while (token := self.lexer.take()).text != ")":
            if token.kind == END or token.text == "\n":
                raise Unsplittable("`)` is missing", start)
        return self.lexer.text[start : token.start].strip()


def assigns(word: Word) -> bool:
    """Whether a word before the command's name is an assignment."""
    first = word.pieces[0] if word.pieces else None
    return first is not None and not first.quoted and _ASSIGNMENT.match(first.raw) is not None


_COMPOUNDS = {
    "{": _Parser.group,
    "if": _Parser.condition,
    "while": _Parser.loop,
    "until": _Parser.loop,
    "for": _Parser.each,
    "select": _Parser.each,
    "case": _Parser.case,
    "function": _Parser.function,
}
