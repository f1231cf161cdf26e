"""The text report: frames, carets, ellipses, notes, and what it says when all is clean."""

from __future__ import annotations

import pytest

from guardrail.model.place import Location, Span
from guardrail.model.report import FileStatus, Problem
from guardrail.pages.screen import Paint, clean, opening, width, wrap
from guardrail.reporters import RenderOptions, render
from guardrail.reporters.flow import numbered, short
from guardrail.reporters.frame import excerpt, frame
from tests.reporters.samples import clean_report, finding, location, path, policy, report


def text(**options: object) -> str:
    return render("text", report(), RenderOptions(**options))  # type: ignore[arg-type]


def test_a_group_is_understood_at_a_glance() -> None:
    assert text().split("\n\n")[0].splitlines() == [
        "high: Container runs privileged [privileged-container]",
        "  --> deploy/api.yaml:14:11  Deployment web/api",
        "   |",
        "14 |           privileged: true",
        "   |           ^^^^^^^^^^^^^^^^ container app runs privileged",
        "   = note: value set [here]: deploy/base.yaml:3:11",
        "  --> deploy/api.yaml:44:11  Deployment web/api",
        "   |",
        "44 |           privileged: true",
        "   |           ^^^^^^^^^^^^^^^^ container b runs privileged",
        "   = why: A privileged container has every device of the node. Whoever breaks in owns the node.",
        "   = fix: Remove `privileged: true`; add single capabilities where needed.",
        "   = more: guardrail explain privileged-container",
    ]


def test_a_path_is_told_below_the_frame() -> None:
    shown = render("text", report((finding(flow=path()),)), RenderOptions()).split("\n\n")[0].splitlines()
    assert shown[5:10] == [
        "   = path:",
        "     1. .github/workflows/cd.yml:3:3   push to main starts the workflow",
        "     2. package.json:12:5              gate `npm test` fails",
        "     3. .github/workflows/cd.yml:9:3   job test: failure",
        "     4. .github/workflows/cd.yml:31:9  deploys although job test failed",
    ]


def test_a_path_is_wrapped_beside_its_places_or_goes_below_them() -> None:
    words = location("a.yaml", 3, note="one two three four five six seven eight nine ten")
    assert numbered((words,), 2, 45, Paint(False)) == [
        "   = path:",
        "     1. a.yaml:3:11  one two three four five",
        "                     six seven eight nine ten",
    ]
    deep = location("a/long/folder/for/a/file.yaml", 3, note="what happens there, in some words more")
    bare = deep._replace(note="")
    assert numbered((deep, bare), 2, 45, Paint(False)) == [
        "   = path:",
        "     1. a/long/folder/for/a/file.yaml:3:11",
        "        what happens there, in some words",
        "        more",
        "     2. a/long/folder/for/a/file.yaml:3:11",
    ]


def test_the_middle_of_a_long_path_is_counted() -> None:
    steps = tuple(location("a.yaml", n, note=f"step {n}") for n in range(1, 31))
    lines = numbered(steps, 2, 80, Paint(False))
    assert len(lines) == 1 + 12 + 1
    assert lines[4:7] == ["      4. a.yaml:4:11   step 4", "         (18 more)", "     23. a.yaml:23:11  step 23"]
    assert lines[-1] == "     30. a.yaml:30:11  step 30"
    assert numbered((), 2, 80, Paint(False)) == []


def test_a_path_is_short_where_there_is_one_line() -> None:
    told = "push to main starts the workflow -> gate `npm test` fails -> job test: failure"
    assert short(path()) == f"{told} -> deploys although job test failed"
    assert len(short(path() * 100)) == 400
    assert "path" not in render("text", report((finding(flow=path()),)), RenderOptions(quiet=True))


def test_the_rest_says_what_was_judged() -> None:
    shown = text(elapsed=0.25)
    assert "1 problem kept guardrail from doing all its work" in shown
    assert "bad.yaml:3:11 mapping values are not allowed here [unreadable]" in shown
    assert "1 because it depends on var.environment" in shown
    assert "3 findings (2 high, 1 low), 1 suppressed (1 guardrail)" in shown
    assert "4 resources in 2 files judged; 2 of 3 policies applied" in shown
    assert "1 file unreadable" in shown
    assert "1 file skipped: 1 nothing guardrail judges" in shown
    fails = "fails: 3 findings at or above low; and not everything could be judged: 1 problem"
    assert shown.endswith(f"{fails}  (0.25 s)\n")


@pytest.mark.parametrize(
    ("made", "options", "end"),
    [
        (clean_report(), {}, "passes"),
        (clean_report(resources=0), {}, "passes, but nothing was judged"),
        (report(problems=()), {"fail_on": "critical"}, "passes: no finding at or above critical"),
        (report(problems=()), {"fail_on": "never"}, "passes: findings never fail the run"),
        (report(()), {}, "not everything could be judged: 1 problem"),
        (
            report(()),
            {"allow_unparsed": True},
            "passes, although 1 problem kept some input from being judged",
        ),
        (
            report((finding(enforced=False),), problems=()),
            {},
            "passes: no enforced finding at or above low",
        ),
    ],
)
def test_the_outcome_in_words(made: object, options: dict[str, object], end: str) -> None:
    shown = render("text", made, RenderOptions(**options))  # type: ignore[arg-type]
    assert shown.splitlines()[-1] == end


def test_nothing_judged_is_a_warning() -> None:
    empty = clean_report(resources=0, files=(FileStatus("a.md", "skipped", "x"),), other_files=3)
    shown = render("text", empty, RenderOptions())
    assert "warning: nothing was judged: no resources in 4 files" in shown
    assert "3 files of other kinds not looked at" in shown
    assert "nothing was judged" in render("text", empty, RenderOptions(quiet=True))


def test_quiet_is_one_line_each() -> None:
    assert text(quiet=True).splitlines() == [
        "deploy/api.yaml:14:11: high: container app runs privileged [privileged-container]",
        "deploy/api.yaml:44:11: high: container b runs privileged [privileged-container]",
        "deploy/ж b.yaml:2:11: low: container app runs privileged [latest-tag]",
        "bad.yaml:3:11: problem: mapping values are not allowed here [unreadable]",
    ]
    assert render("text", clean_report(), RenderOptions(quiet=True)) == ""


def test_many_places_are_counted() -> None:
    many = tuple(finding(location=location(line=n)) for n in range(1, 31))
    shown = render("text", report(many), RenderOptions())
    assert shown.count("-->") == 3
    assert shown.count("  Deployment web/api\n") == 3 + 20
    assert "and 7 more" in shown


def test_groups_are_ordered_by_severity_then_number() -> None:
    low, high, most = policy("a-low", "low"), policy("z-high", "high"), policy("y-high", "high")
    found = (finding(low), finding(high), finding(most), finding(most))
    shown = render("text", report(found, policies=(low, high, most)), RenderOptions())
    assert shown.index("[y-high]") < shown.index("[z-high]") < shown.index("[a-low]")


def _marked(line: str, column: int, end: int, offset: int = 0, room: int = 80) -> tuple[str, str]:
    place = Location("f", Span(1, column, 1, end), line, offset)
    got = excerpt(place, room)
    assert got is not None
    return got[0], " " * got[1] + "^" * got[2]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("a: b", 4, 5, "a: b", "   ^"),
        ("\ta: b", 2, 3, "    a: b", "    ^"),
        ("a\tb", 3, 4, "a   b", "    ^"),
        ("名前: x", 1, 3, "名前: x", "^^^^"),
        ("名前: x", 5, 6, "名前: x", "      ^"),
        ("e\u0301: x", 5, 6, "e\u0301: x", "   ^"),
        ("a\x1b[: x", 3, 4, "a\\x1b[: x", "     ^"),
        ("\u202ea", 2, 3, "\\u202ea", "      ^"),
        ("ab", 2, 2, "ab", " ^"),
        ("ab", 9, 12, "ab", "  ^"),
    ],
)
def test_carets_stand_under_the_columns(line: str, column: int, end: int, shown: str, carets: str) -> None:
    assert _marked(line, column, end) == (shown, carets)


def test_long_lines_show_what_is_marked() -> None:
    shown, carets = _marked("x" * 90 + "MARK" + "y" * 90, 91, 95, room=40)
    start = carets.index("^")
    assert shown[start : start + 4] == "MARK"
    assert carets.endswith("^^^^")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert width(shown) <= 42
    assert _marked("bcd", 11, 12, offset=10) == ("…bcd", " ^")


def test_a_span_over_lines_is_marked_to_the_end_of_the_first() -> None:
    place = Location("f", Span(7, 3, 9, 2), "  key: [")
    lines = frame(place, "is wrong", 1, 80, Paint(False), "high")
    assert lines == ["  |", "7 |   key: [", "  |   ^^^^^^ is wrong"]


def test_a_long_message_goes_below() -> None:
    place = Location("f", Span(7, 3, 7, 6), "  key: x")
    lines = frame(place, "word " * 30, 1, 80, Paint(False), "high")
    assert lines[2] == "  |   ^^^"
    assert all(width(line) <= 80 for line in lines)


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a\x1b[31mb\x07", "a\\x1b[31mb\\x07"),
        ("a\r\nb\tc", "a b c"),
        ("\x9b31m\u202e", "\\x9b31m\\u202e"),
        ("\ud800", "\\ud800"),
        ("名前 é", "名前 é"),
    ],
)
def test_input_cannot_steer_the_terminal(raw: str, safe: str) -> None:
    assert clean(raw) == safe


def test_words_are_wrapped_and_cut_to_the_opening() -> None:
    assert wrap("aa bb cc", 6, "- ", "  ") == ["- aa", "  bb", "  cc"]
    assert opening("One thing. Two things. Three.", 30) == "One thing. Two things."
    assert opening("See e.g. this one. Then that.", 5) == "See e.g. this one."


@pytest.mark.parametrize("quiet", [True, False])
def test_input_cannot_command_a_runner(quiet: bool) -> None:
    odd = location("::add-mask::x", excerpt="##[stop-commands]x", columns=(4, 8))
    made = report((finding(location=odd),), problems=(Problem("x", "a " * 60 + "::x::", odd),))
    shown = render("text", made, RenderOptions(quiet=quiet))
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert "##[" not in shown


def test_problems_alike_are_told_once() -> None:
    problems = tuple(Problem("not-rendered", "is a template", location(f"{n}")) for n in range(25))
    shown = render("text", report((), problems=problems), RenderOptions())
    assert shown.count("is a template") == 1
    assert "  25 times: is a template [not-rendered]\n    0:14:11\n    1:14:11\n" in shown
    assert "    and 5 more\n" in shown
