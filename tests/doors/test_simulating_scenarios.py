"""`alphaloop simulate` with scenarios: the list, parameters, pictures; wrong wishes are refused at once."""

import json
from pathlib import Path

import pytest

from alphaloop.market.scenarios import SCENARIOS


def _digest(answer) -> str:
    return json.loads(answer.out)["digest"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--param", "size=-0.02"], "belongs to a --scenario"),
        (["--scenario", "flash_crash", "--param", "size"], "NAME=VALUE"),
        (["--scenario", "flash_crash", "--param", "size=nan"], "NAME=VALUE"),
        (["--scenario", "flash_crash", "--param", "size=1_0"], "NAME=VALUE"),
        (["--scenario", "flash_crash", "--param", "size=-0.02;x"], "NAME=VALUE"),
        (["--scenario", "flash_crash", "--param", "size=1e999"], "must lie between"),
        (["--scenario", "flash_crash", "--param", "size=0.02"], "must lie between -0.09 and -0.001"),
        (["--scenario", "flash_crash", "--param", "sise=-0.02"], "did you mean 'size'"),
        (["--scenario", "flash_crash", "--param", "size=-0.02", "--param", "size=-0.03"], "twice"),
        (["--scenario", "flash_crsh"], "did you mean 'flash_crash'"),
        (["--plot", "a.gif"], ".svg, .png, .html"),
        (["--plot", "nowhere/a.svg"], "there is no folder"),
    ],
)
def test_a_wrong_wish_is_refused_before_anything_is_played(door, quiet_desk, words, said) -> None:
    answer = door(quiet_desk, "simulate", *words)
    assert answer.code == 2
    assert said in answer.err
    assert "playing" not in answer.err
    assert answer.out == ""


def test_the_list_names_every_scenario_with_its_sentence_its_metric_and_its_parameters(
    door, tmp_path
) -> None:
    # No desk is needed to read it.
    answer = door(tmp_path, "simulate", "--scenarios")
    assert answer.code == 0
    for scenario in SCENARIOS.values():
        assert f"{scenario.name}\n  {scenario.sentence}\n  {scenario.moves} {scenario.way}." in answer.out
        assert all(str(parameter) in answer.out for parameter in scenario.parameters)


def test_the_list_as_one_object(door, tmp_path) -> None:
    (line,) = door(tmp_path, "simulate", "--scenarios", "--json").out.splitlines()
    listed = {one["name"]: one for one in json.loads(line)["scenarios"]}
    assert list(listed) == list(SCENARIOS)
    crash = listed["flash_crash"]
    assert (crash["moves"], crash["way"], crash["in_games"]) == ("max_drawdown", "rises", True)
    assert crash["parameters"][0] == {
        "name": "size",
        "value": -0.05,
        "unit": "share of price",
        "low": -0.09,
        "high": -0.001,
        "meaning": "how far the price goes",
    }


def test_a_parameter_makes_another_episode_and_its_own_value_the_same(door, quiet_desk) -> None:
    crash = ["simulate", "--scenario", "flash_crash", "--json"]
    usual, same, smaller = (
        _digest(door(quiet_desk, *crash, *more))
        for more in ([], ["--param", "size=-0.05"], ["--param", "size=-0.01"])
    )
    assert usual == same != smaller


def test_what_means_nothing_in_a_game_is_said_and_played_as_it_is(door, quiet_desk) -> None:
    calm = _digest(door(quiet_desk, "simulate", "--json"))
    answer = door(quiet_desk, "simulate", "--scenario", "disconnect", "--json")
    assert _digest(answer) == calm
    assert "means nothing where fills come by chance" in answer.err


@pytest.mark.parametrize("suffix", [".svg", ".png", ".html"])
def test_an_episode_is_drawn_into_the_file_that_was_named(door, quiet_desk, tmp_path: Path, suffix) -> None:
    picture = tmp_path / f"crash{suffix}"
    answer = door(quiet_desk, "simulate", "--scenario", "spread_blowout", "--plot", picture, "--json")
    assert answer.code == 0
    assert str(picture) in answer.err
    assert len(answer.out.splitlines()) == 1
    assert picture.stat().st_size > 10_000
    if suffix != ".png":
        assert "spread_blowout: null seed" in picture.read_text()


def test_a_picture_replaces_the_one_that_was_there(door, quiet_desk, tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text("before")
    assert door(quiet_desk, "simulate", "--plot", picture).code == 0
    assert picture.read_text().startswith("<?xml")
