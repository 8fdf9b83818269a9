"""docs/controls.md names tests that exist, and every rule that the outer risk engine can refuse by."""

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "controls.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
RISK = REPOSITORY / "alphaloop" / "trading" / "risk"


def functions(path):
    """The names of the tests in a file; a test inside of a class or a text does not count."""
    if not path.is_file():
        return set()
    return {node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)}


def rules():
    """The first argument of every Breach in the engine's files."""
    calls = [node for path in RISK.glob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Breach"
    }


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED)))
def test_a_test_that_the_page_names_exists(file, test):
    assert test in functions(REPOSITORY / file), f"docs/controls.md names {file}::{test}, which is not there"


def test_every_row_of_a_control_names_a_test():
    rows = [row for row in PAGE.split("## Not here")[0].split("\n") if row.startswith("| ")]
    plain = [row for row in rows if "`tests/" not in row]
    heads = ("| short |", "| SEC |", "| RTS 6 |", "| FINRA |", "| SR |", "| SOX |", "| control |")
    assert [row for row in plain if not row.startswith(heads)] == []
    assert len(NAMED) > 40


def test_every_rule_of_the_engine_is_on_the_page():
    found = rules()
    assert len(found) >= 15
    table = PAGE.split("## Before an order goes")[1].split("## The kill switch")[0]
    assert sorted(rule for rule in found if f"`{rule}`" not in table) == []


def test_a_broken_link_would_be_seen():
    assert "test_a_broken_link_would_be_seen" in functions(Path(__file__))
    assert "test_that_is_not_there" not in functions(Path(__file__))
    assert functions(REPOSITORY / "tests" / "trading" / "test_gone.py") == set()


@pytest.mark.parametrize(
    "source", ["240.15c3-5", "2017/589", "15-09", "SR 26-2", "SR 11-7", "Sarbanes-Oxley"]
)
def test_every_source_is_named(source):
    assert source in PAGE


@pytest.mark.parametrize("article", [12, 15, 16, 17])
def test_every_article_of_rts_6_is_answered(article):
    assert f"Art. {article}" in PAGE
