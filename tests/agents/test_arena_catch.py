"""The catch: which stage caught which file of a corpus, and what is no corpus."""

from pathlib import Path

import pytest

from alphaloop.agents.arena.catching import caught, corpus_in
from alphaloop.errors import Misuse
from alphaloop.words import catch_table

HONEST = (Path(__file__).parents[2] / "strategy_template" / "strategy.py").read_text()
TRICK = f"import os\n{HONEST}"


@pytest.fixture
def corpus(tmp_path, one_core):
    def make(*rows, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        (tmp_path / "manifest.csv").write_text("\n".join(("file,category,stage", *rows)) + "\n")
        return tmp_path

    return make


def through(folder, stage="static", category=None):
    return caught(corpus_in(folder, category), stage, lambda words: None)


def test_every_file_is_counted_where_it_was_caught(corpus):
    folder = corpus(
        "honest.py,benign,",
        "trick.py,forbidden modules,static",
        "marked.py,source tricks,bytes",
        honest=HONEST,
        trick=TRICK,
        marked="﻿" + HONEST,
    )
    made = through(folder)
    assert made.missed == made.false_alarms == ()
    assert made.matrix["forbidden modules"] == {"static": 1}
    assert made.matrix["source tricks"] == {"bytes": 1}
    assert made.matrix["benign"] == {"": 1}
    assert len(through(folder, category="benign").fates) == 1


def test_what_gets_through_and_who_is_stopped_for_nothing_are_listed(corpus):
    made = through(corpus("honest.py,contract,static", "trick.py,benign,", honest=HONEST, trick=TRICK))
    assert [fate.row.file for fate in made.missed] == ["honest.py"]
    assert [fate.row.file for fate in made.false_alarms] == ["trick.py"]
    said = catch_table(made)
    assert "missed: 1" in said
    assert "trick.py (benign) static.imports" in said


def test_a_file_that_a_later_stage_must_stop_is_neither_missed_nor_caught(corpus):
    made = through(corpus("honest.py,behaviour,stress", honest=HONEST))
    assert made.missed == ()
    assert len(made.unasked) == 1
    assert "waiting for a later stage than static: 1" in catch_table(made)


def test_a_folder_without_a_manifest_says_what_a_wheel_lacks(tmp_path):
    with pytest.raises(Misuse, match="clone its repository"):
        corpus_in(tmp_path, None)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("../outside.py,benign,", "is no file in"),
        ("gone.py,benign,", "is no file in"),
        (",benign,", "is no file in"),
        ("honest.py,benign,static", "an honest file"),
        ("honest.py,tampering,", "an honest file"),
        ("honest.py,tampering,never", "an honest file"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(corpus, tmp_path, row, words):
    (tmp_path.parent / "outside.py").write_text(HONEST)
    with pytest.raises(Misuse, match=words) as refused:
        corpus_in(corpus(row, honest=HONEST), None)
    assert "manifest.csv:2" in str(refused.value)


def test_another_table_is_no_manifest(tmp_path):
    (tmp_path / "manifest.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Misuse, match="columns"):
        corpus_in(tmp_path, None)
    (tmp_path / "manifest.csv").write_bytes(b"file,category,stage\n\xff,benign,\n")
    with pytest.raises(Misuse, match="no table"):
        corpus_in(tmp_path, None)


def test_an_unknown_category_and_an_unknown_stage_are_answered_with_what_there_is(corpus):
    folder = corpus("honest.py,benign,", honest=HONEST)
    with pytest.raises(Misuse, match="it has benign"):
        corpus_in(folder, "nothing")
    with pytest.raises(Misuse, match="bytes, static"):
        through(folder, "nowhere")
