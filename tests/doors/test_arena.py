"""`alphaloop arena`: what goes in, and what comes out."""

import json

import pytest

from alphaloop.errors import SandboxUnavailable
from alphaloop.simulation.isolation import sandbox_named


@pytest.mark.parametrize(
    "words",
    [
        ("null", "--loops", 0),
        ("null", "--world", "mars"),
        ("null", "--pairs", 39),
        ("null", "--effect", 0.3),
        ("planted", "--effect", 0),
        ("planted", "--effect", "nan"),
        ("planted", "--share", "nan"),
        ("planted", "--share", 1.5),
        ("planted", "--world", "null"),
        ("null", "--plot", "gates.txt"),
        ("null", "--synthetic", "--plot", "gates.svg"),
        ("planted", "--effect", 2.9),
        ("catch", "--corpus", "nowhere"),
    ],
)
def test_what_makes_no_arena_is_refused(door, tmp_path, words):
    answer = door(tmp_path, "arena", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err


def test_the_statisticians_table_in_words_and_as_data(door, tmp_path):
    words = ("arena", "planted", "--synthetic", "--loops", 10, "--proposals", 5)
    told = door(tmp_path, *words)
    assert told.code == 0
    assert "AR(1) 0.3, no blocks" in told.out
    rows = json.loads(door(tmp_path, *words, "--json").out)["synthetic"]
    assert [row["lives"] for row in rows] == [10] * 6
    assert all(row["power_wilson"][0] <= row["power"] <= row["power_wilson"][1] for row in rows)


def test_every_gate_as_data_and_as_a_picture(door, tmp_path, one_core):
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")
    words = ("--loops", 2, "--proposals", 3, "--pairs", 40, "--json", "--plot", "gates.svg")
    answer = door(tmp_path, "arena", "null", *words)
    assert answer.code == 0
    made = json.loads(answer.out)
    assert set(made) == {
        "ours",
        "keep_if_better",
        "uncounted_p",
        "reused_hold_out",
        "deflated_sharpe",
        "run",
    }
    assert (made["ours"]["loops"], made["ours"]["promoting_loops"], made["ours"]["power"]) == (2, 0, None)
    assert len(made["ours"]["wilson"]) == 2
    assert made["run"]["pairs_played"] == 40
    assert "keep if better" in (tmp_path / "gates.svg").read_text()
