"""The mind as a whole: which idea it takes, how it settles and what it predicts."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.facts.hypothesis import Proposal
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.minds.search.mind import SearchMind
from alphaloop.minds.search.reading import read
from alphaloop.minds.search.settling import CHECK, SECOND
from alphaloop.ports import Brief

TEMPLATE = (Path(__file__).parents[2] / "strategy_template" / "strategy.py").read_text(encoding="utf-8")
Rehearse = Callable[[str, int], Sequence[float | None]]


def record(**values: float) -> Record:
    return Record(tuple(Metric(name, Layer.RISK, value, "") for name, value in values.items()), 40, "tests")


def number(source: str, name: str) -> float:
    reading = read(source)
    assert reading is not None
    return reading.params.get(name, 0.0)


def best_at(name: str, optimum: float) -> Rehearse:
    """Gains that are highest where the number is `optimum`, with a little noise that the seed decides."""

    def rehearse(source: str, pairs: int) -> list[float | None]:
        gain = 1.0 - abs(number(source, name) / optimum - 1.0)
        return [gain + 0.01 * (-1) ** seed for seed in range(pairs)]

    return rehearse


def a_brief(rehearse: Rehearse, *tried: str, **values: float) -> Brief:
    return Brief(record(**values), TEMPLATE, frozenset(tried), frozenset(), rehearse, lambda source: (), 1)


def propose(brief: Brief) -> Proposal:
    proposal = SearchMind().propose(brief)
    assert proposal is not None
    return proposal


def test_what_the_record_misses_most_comes_first() -> None:
    rehearse = best_at("skew_bps", 5.0)
    full = propose(a_brief(rehearse, inventory_80_100=0.5, markout_1s=-0.1))
    picked_off = propose(a_brief(rehearse, inventory_80_100=0.11, markout_1s=-4.0))
    assert full.hypothesis.key == "skew by inventory"
    assert picked_off.hypothesis.key != "skew by inventory"


def test_an_idea_that_waits_for_a_human_is_never_proposed() -> None:
    brief = a_brief(best_at("skew_bps", 5.0), inventory_80_100=0.5)
    first = propose(brief).hypothesis.key
    keys = set()
    for _ in range(20):
        waiting = SearchMind().propose(replace(brief, waiting=frozenset({first, *keys})))
        if waiting is None:
            break
        assert waiting.hypothesis.key not in {first, *keys}
        keys.add(waiting.hypothesis.key)
    assert waiting is None


def test_an_idea_that_was_tried_gives_way() -> None:
    brief = a_brief(
        best_at("half_spread_bps", 8.0), "skew by inventory", inventory_80_100=0.5, markout_1s=-1.0
    )
    assert propose(brief).hypothesis.key != "skew by inventory"


def test_a_missing_number_makes_nothing_urgent() -> None:
    assert propose(a_brief(best_at("size_share", 0.2))).hypothesis.key.startswith("tune ")


def test_the_search_finds_the_value_and_writes_it_into_the_file() -> None:
    proposal = propose(a_brief(best_at("skew_bps", 3.0), inventory_80_100=0.5))
    assert proposal.hypothesis.params == {"skew_bps": 3.16}
    assert number(proposal.files["strategy.py"], "skew_bps") == 3.16
    assert list(proposal.files) == ["strategy.py"]
    assert proposal.hypothesis.trials == 5


def test_what_cannot_be_told_apart_is_settled_by_changing_less() -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        skew = number(source, "skew_bps")
        if skew < 1.0 or skew > 10.0:
            return [-1.0] * pairs
        bold = skew > 5.0
        return [1.0 + (0.3 * (-1) ** seed + 0.01 if bold else 0.0) for seed in range(pairs)]

    proposal = propose(a_brief(rehearse, inventory_80_100=0.5))
    assert proposal.hypothesis.params["skew_bps"] < 5.0


def test_the_prediction_rests_only_on_seeds_that_the_choice_has_not_seen() -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        return [100.0 if seed < SECOND + CHECK else 0.25 for seed in range(pairs)]

    assert propose(a_brief(rehearse, inventory_80_100=0.5)).hypothesis.predicted == 0.25


def test_every_turn_proposes_even_when_nothing_helps() -> None:
    proposal = propose(a_brief(lambda source, pairs: [-1.0] * pairs, inventory_80_100=0.5, markout_1s=-1.0))
    assert proposal.hypothesis.predicted == -1.0


def test_an_idea_that_loses_gives_way_to_one_that_gains() -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        return [-1.0 if "skew_bps" in source else 1.0] * pairs

    proposal = propose(a_brief(rehearse, inventory_80_100=0.5, markout_1s=-0.1))
    assert proposal.hypothesis.key != "skew by inventory"
    assert proposal.hypothesis.predicted == 1.0


@pytest.mark.parametrize("failure", [None, float("nan"), float("inf")])
def test_a_candidate_that_failed_once_is_out(failure: float | None) -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        gains: list[float | None] = [1.0] * pairs
        if number(source, "skew_bps") > 1.0:
            gains[-1] = failure
        return gains

    assert propose(a_brief(rehearse, inventory_80_100=0.5)).hypothesis.params == {"skew_bps": 0.5}


def test_a_candidate_that_fails_on_the_fresh_seeds_is_out() -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        return [1.0 if seed < SECOND + CHECK else None for seed in range(pairs)]

    assert SearchMind().propose(a_brief(rehearse, inventory_80_100=0.5)) is None


def test_a_mind_whose_rehearsals_come_back_empty_proposes_nothing() -> None:
    assert SearchMind().propose(a_brief(lambda source, pairs: [], inventory_80_100=0.5)) is None


def test_what_the_static_checks_refuse_is_never_rehearsed_nor_proposed() -> None:
    def rehearse(source: str, pairs: int) -> list[float | None]:
        assert "skew_bps" not in source
        return [1.0] * pairs

    brief = replace(
        a_brief(rehearse, inventory_80_100=0.5),
        refused=lambda source: ("a skew is not wanted here",) if "skew_bps" in source else (),
    )
    assert propose(brief).hypothesis.key != "skew by inventory"


def test_when_all_was_tried_a_number_is_tuned_again() -> None:
    brief = a_brief(best_at("half_spread_bps", 8.0), inventory_80_100=0.5, markout_1s=-1.0)
    keys: set[str] = set()
    while (key := propose(replace(brief, tried=frozenset(keys))).hypothesis.key) not in keys:
        keys.add(key)
    assert key.startswith("tune ")
    assert {"skew by inventory", "quote wider", "tune half_spread_bps"} <= keys


def test_a_file_without_anything_to_change_gives_no_proposal() -> None:
    brief = a_brief(lambda source, pairs: [1.0] * pairs, inventory_80_100=0.5)
    for source in ("X = 1\n", "class Strategy(:\n"):
        assert SearchMind().propose(replace(brief, source=source)) is None


def test_the_same_brief_gives_the_same_proposal() -> None:
    brief = a_brief(best_at("skew_bps", 3.0), inventory_80_100=0.5)
    assert SearchMind().propose(brief) == SearchMind().propose(brief)


def test_a_turn_plays_no_more_than_some_two_hundred_pairs() -> None:
    played: dict[str, int] = {}

    def rehearse(source: str, pairs: int) -> list[float | None]:
        played[source] = max(pairs, played.get(source, 0))
        return [-1.0] * pairs

    propose(a_brief(rehearse, inventory_80_100=0.5, markout_1s=-1.0, max_drawdown=0.2))
    assert sum(played.values()) <= 200


def test_every_proposal_is_python() -> None:
    for values in (
        {"inventory_80_100": 0.5},
        {"markout_1s": -1.0},
        {"max_drawdown": 0.3},
        {"fill_rate": 0.01},
    ):
        ast.parse(propose(a_brief(lambda source, pairs: [1.0] * pairs, **values)).files["strategy.py"])
