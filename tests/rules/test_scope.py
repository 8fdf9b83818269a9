"""The scope stage: who may write what, and which paths nobody may."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.change import Touched
from alphaloop.rules.ownership import may_write, owners
from alphaloop.rules.paths import collisions, matches, trick
from alphaloop.rules.scope import out_of_scope

SEATS = ("quant", "execution", "risk", "infrastructure", "data", "architect", "qa", "sre", "delivery_lead")
HUMANS_ONLY = (
    "risk.py",
    "market.yaml",
    "roles.yaml",
    "judge.lock",
    "CODEOWNERS",
    ".github/workflows/ci.yml",
    "keys/allowed_signers",
    "agents/quant/PERSONA.md",
    "agents/quant/prompts/propose.md",
    "something/new.txt",
)


@pytest.mark.parametrize("path", HUMANS_ONLY)
def test_the_constitution_and_whatever_is_not_named_belongs_to_humans(seats, path):
    assert owners(path, seats) == ()
    assert not any(may_write(seat, path, seats) for seat in SEATS)
    assert may_write("human:alice", path, seats)
    assert not may_write("human:mallory", path, seats)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("strategy.py", ("quant", "architect")),
        ("execution.py", ("execution",)),
        ("connectivity.yaml", ("infrastructure",)),
        ("metrics/spread.sql", ("data",)),
        ("tests/deep/test_a.py", ("qa",)),
        ("pyproject.toml", ("architect", "sre")),
        ("release.yaml", ("architect", "sre")),
        ("agents/qa/POLICY.md", ("qa",)),
    ],
)
def test_the_shipped_seats_own_what_the_design_gives_them(seats, path, who):
    assert owners(path, seats) == who


def test_a_change_of_its_own_file_is_in_scope(seats, a_change):
    assert out_of_scope(a_change(), seats) == ()


def test_a_foreign_path_is_vetoed_and_names_its_owner(seats, a_change):
    (finding,) = out_of_scope(a_change("tests/test_a.py"), seats)
    assert "belongs to qa or a human" in finding.message
    assert finding.file == "tests/test_a.py"


def test_ownership_goes_by_commit_and_not_by_author(seats, a_change):
    touched = (Touched("strategy.py", "100644", "qa", "e" * 40),)
    assert out_of_scope(replace(a_change(), touched=touched), seats)


def test_an_unknown_committer_is_vetoed(seats, a_change):
    for stranger in ("", "nobody", "human:mallory", "human:", "Quant"):
        assert out_of_scope(a_change(author=stranger), seats)


@pytest.mark.parametrize("mode", ["100755", "120000", "160000", "040000", "", "100664"])
def test_only_regular_files_are_taken(seats, a_change, mode):
    assert out_of_scope(a_change(mode=mode), seats)


def test_release_paths_and_constitution_are_never_deleted(seats, a_change):
    assert out_of_scope(a_change(mode="000000"), seats)
    assert out_of_scope(a_change("risk.py", author="human:alice", mode="000000"), seats)
    assert out_of_scope(a_change("tests/test_a.py", author="qa", mode="000000"), seats) == ()


def test_a_base_that_is_no_ancestor_is_vetoed(seats, a_change):
    assert "no ancestor" in out_of_scope(a_change(based=False), seats)[0].message


def test_an_empty_change_is_vetoed(seats, a_change):
    assert out_of_scope(a_change(touched=()), seats)


@pytest.mark.parametrize(
    ("path", "author"), [("execution.py", "execution"), ("connectivity.yaml", "infrastructure")]
)
def test_what_has_no_judge_yet_cannot_land(seats, a_change, path, author):
    (finding,) = out_of_scope(a_change(path, author=author), seats)
    assert "cannot judge" in finding.message


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../strategy.py",
        "a//b",
        "/etc/passwd",
        "a/./b",
        "a/..",
        "-rf",
        "tests/--help",
        "tests/a\nb",
        "tests/a\x7f",
        "tests/ä.py",
        "tests/a b.py",
        "tests/strat\u202egy.py",
        ".git/config",
        "x/.GIT/hooks",
        "tests/a.",
        "a\\b",
        "C:x",
        "tests/nul",
        "tests/con.py",
        "git~1",
        "x" * 201,
    ],
)
def test_path_tricks_are_refused_for_humans_too(seats, a_change, path):
    assert trick(path)
    assert out_of_scope(a_change(path, author="human:alice"), seats)


@pytest.mark.parametrize(
    "path", ["Strategy.py", "RISK.PY", "Agents/quant/POLICY.md", "roles.YAML", "Tests/test_a.py"]
)
def test_a_name_that_differs_only_in_case_is_refused(seats, a_change, path):
    assert any(
        "differ only in case" in finding.message
        for finding in out_of_scope(a_change(path, author="human:alice"), seats)
    )


def test_two_files_of_one_change_never_collide():
    assert collisions(["tests/a.py", "tests/A.py"]) == (("tests/A.py", "tests/a.py"),)
    assert collisions(["strategy.py", "tests/a.py"]) == ()


def test_a_star_stays_within_its_part():
    assert matches("metrics/*.sql", "metrics/a.sql")
    assert not matches("metrics/*.sql", "metrics/deep/a.sql")
    assert not matches("metrics/*.sql", "metrics/a.sql\n")
    assert matches("tests/**", "tests/deep/a.py")
    assert not matches("tests/**", "tests2/a.py")
    assert matches("**", "anything/at/all")
    assert matches("agents/*/POLICY.md", "agents/qa/POLICY.md")
    assert not matches("strategy.py", "strategyxpy")


@given(st.text(max_size=30), st.sampled_from(SEATS))
def test_no_seat_ever_writes_a_path_that_no_pattern_names(seats, path, seat):
    if may_write(seat, path, seats):
        assert seat in owners(path, seats)
    else:
        assert seat not in owners(path, seats)
    if trick(path) == "":
        assert path.isascii()
        assert ".." not in path.split("/")
