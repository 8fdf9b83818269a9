"""Every trick is caught where the manifest says, and no honest strategy is caught at all."""

import csv
from pathlib import Path

import pytest
from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import static_findings
from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Limits

HERE = Path(__file__).parent
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
with (HERE / "manifest.csv").open(encoding="utf-8") as listed:
    ROWS = list(csv.DictReader(listed))
READ_OFF = [row for row in ROWS if row["stage"] in ("bytes", "static")]
PASS = [row for row in ROWS if row["stage"] not in ("bytes", "static")]


def findings(name):
    subject = Subject("strategy.py", (HERE / name).read_bytes(), None, LIMITS)
    return bytes_findings(subject) or static_findings(subject)


@pytest.mark.parametrize("row", READ_OFF, ids=lambda row: row["file"])
def test_a_trick_that_can_be_read_off_is_vetoed_by_its_rule(row):
    found = vetoes(findings(row["file"]))
    assert f"{row['stage']}.{row['rule']}" in {finding.check for finding in found}
    assert all(finding.file == "strategy.py" for finding in found)
    assert all(any(mark in finding.message for mark in ";(") or row["rule"] == "program" for finding in found)


@pytest.mark.parametrize("row", PASS, ids=lambda row: row["file"])
def test_an_honest_strategy_and_a_trick_of_behaviour_pass_the_reading_stages(row):
    assert vetoes(findings(row["file"])) == ()


def test_the_manifest_lists_every_file_once_and_nothing_else():
    listed = [row["file"] for row in ROWS]
    folders = ("unsafe", "benign", "houses", "idioms")
    there = {path.relative_to(HERE).as_posix() for folder in folders for path in HERE.glob(f"{folder}/*.py")}
    assert len(listed) == len(set(listed))
    assert set(listed) == there


def test_the_corpus_is_large_and_of_many_kinds():
    unsafe = [row for row in ROWS if row["category"] not in ("benign", "idiom")]
    assert len(unsafe) >= 1_500
    assert sum(row["category"] == "benign" for row in ROWS) >= 85
    assert len({row["category"] for row in unsafe}) >= 10
