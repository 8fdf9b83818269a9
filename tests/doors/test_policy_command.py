"""`alphaloop policy test`: what would happen to a change that nobody made."""

import json

import pytest

from alphaloop.rules.constitution.cases import LONGEST_BYTES

CASE = """cases:
  - name: one
    author: quant
    writes: [strategy.py]
    expect: {scope: in}
"""


def test_a_change_in_scope_is_told_with_all_that_it_takes(door, quiet_desk):
    answer = door(quiet_desk, "policy", "test", "--author", "quant", "--path", "strategy.py")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "quant changes strategy.py",
        "in scope; these must answer: execution, risk, infrastructure, data, architect, qa, sre",
        "then sre may merge it, if nobody holds or vetoes it",
    ]


def test_a_person_is_asked_for_where_a_seat_proposes_a_release_file(door, quiet_desk):
    answer = door(quiet_desk, "policy", "test", "--author", "sre", "--path", "Dockerfile")
    assert answer.code == 0
    assert "a person must approve its head, because of Dockerfile" in answer.out
    assert "then nobody may merge it" in answer.out


def test_a_change_out_of_scope_is_told_with_every_reason(door, quiet_desk):
    words = ("--author", "quant", "--path", "risk.py", "--path", "Strategy.py", "--delete", "strategy.py")
    answer = door(quiet_desk, "policy", "test", *words)
    assert answer.code == 1
    assert answer.out.count("out of scope, so Risk vetoes it") >= 3
    assert "000000" not in answer.out


def test_json_is_one_object_with_the_same(door, quiet_desk):
    words = ("--author", "human:ann", "--path", "risk.py", "--json")
    answer = door(quiet_desk, "policy", "test", *words)
    assert json.loads(answer.out) == {
        "author": "human:ann",
        "writes": ["risk.py"],
        "deletes": [],
        "scope": "in",
        "vetoes": [],
        "seats": ["risk", "qa", "sre"],
        "human": [],
        "merges": ["sre"],
    }


def test_the_shipped_cases_hold_for_the_shipped_seats(door, quiet_desk):
    answer = door(quiet_desk, "policy", "test")
    assert answer.code == 0, answer.out
    assert answer.out.endswith("9 cases, each as expected\n")


def test_a_case_that_comes_out_otherwise_is_told_and_fails(door, quiet_desk, tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(
        CASE
        + "  - name: two\n    author: qa\n    writes: [strategy.py]\n"
        + "    expect: {scope: in, seats: [quant], human: true, because: no such words}\n"
    )
    answer = door(quiet_desk, "policy", "test", file)
    assert answer.code == 1
    assert "as expected  one\nDIFFERS      two (line 6)\n    scope: in expected, out found" in answer.out
    assert "seats: quant expected," in answer.out
    assert "because: no reason says 'no such words'" in answer.out
    assert answer.out.endswith("1 of 2 cases come out otherwise\n")
    rows = [json.loads(line) for line in door(quiet_desk, "policy", "test", file, "--json").out.splitlines()]
    assert [bool(row["differs"]) for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--path", "strategy.py"), "give either a FILE"),
        (("cases.yaml", "--author", "qa"), "give either a FILE"),
        (("--author", "qa"), "touches 1 to 1000 paths"),
        (("--author", "qa", "--path", "a", "--delete", "a"), "touches a path twice"),
        (("--author", "qa", "--path", "a", "--rev", "--output=x"), "is no commit here"),
        (("nowhere.yaml",), "cannot be read"),
    ],
)
def test_a_call_that_asks_nothing_is_a_usage_error(door, quiet_desk, words, why):
    answer = door(quiet_desk, "policy", "test", *words)
    assert (answer.code, answer.out) == (2, "")
    assert why in answer.err


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("scope: in", "scope: inn", ":5: scope is 'inn'; did you mean 'in'?"),
        ("scope: in", "scop: in", ":5: there is no 'scop' here; did you mean 'scope'?"),
        ("{scope: in}", "{}", ":5: a case expects something"),
        ("{scope: in}", "{seats: [qaa]}", ":5: there is no seat 'qaa'; did you mean 'qa'?"),
        ("{scope: in}", "{human: yes}", ":5: write true or false"),
        ("    author: quant\n", "", ":2: 'author' is missing"),
        ("writes: [strategy.py]", "writes: []", ":2: an imagined change touches 1 to"),
        ("writes: [strategy.py]", "writes: [a, a]", ":2: an imagined change touches a path twice"),
        ("cases:", "case:", ":1: there is no 'case' here"),
        (CASE, "cases: []\n", "holds 1 to 1000 cases"),
        (CASE, "cases: &x [*x]\n", "anchors and aliases"),
        (CASE, "\udcff", "not UTF-8"),
        (CASE, "#" * (LONGEST_BYTES + 1), "the limit is"),
    ],
)
def test_a_wrong_file_of_cases_is_refused_with_its_line(door, quiet_desk, tmp_path, before, after, why):
    file = tmp_path / "cases.yaml"
    file.write_bytes(CASE.replace(before, after, 1).encode("utf-8", "surrogateescape"))
    answer = door(quiet_desk, "policy", "test", file)
    assert (answer.code, answer.out) == (2, "")
    assert why in answer.err


def test_the_rules_are_those_of_the_commit_that_is_named(door, copied_desk, quiet_desk, git_of):
    desk = copied_desk(quiet_desk)
    before = git_of(desk)("rev-parse", "main")
    text = (desk / "roles.yaml").read_text()
    (desk / "roles.yaml").write_text(
        text.replace("writes: [strategy.py, agents/quant", "writes: [agents/quant", 1)
    )
    git_of(desk)("commit", "-qam", "Quant writes no more")
    words = ("policy", "test", "--author", "quant", "--path", "strategy.py")
    assert door(desk, *words).code == 1
    assert door(desk, *words, "--rev", before).code == 0
