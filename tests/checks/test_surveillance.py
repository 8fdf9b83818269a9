"""Patterns of abuse are told from market making by hand-made conduct, to the lot."""

import numpy as np
import pytest

from alphaloop.checks.surveillance.conduct import Conduct
from alphaloop.checks.surveillance.flicker import stuffing, stuffing_in_a_drill
from alphaloop.checks.surveillance.spoofing import LEAST_FILLS, LOPSIDED, ratios, told
from alphaloop.facts.market import Instrument
from alphaloop.market.journal import FILL, MARK, MID, Attribution, Journal

SECOND_NS = 1_000_000_000


def conduct_of(rows: list[tuple[float, float, int, int, int, bool]]) -> Conduct:
    """Orders as (born s, ended s, side, ticks, lots, cancelled)."""
    born, ended, side, ticks, lots, cancelled = zip(*rows, strict=True)
    return Conduct(
        born_ns=np.array(np.array(born) * SECOND_NS, np.int64),
        ended_ns=np.array(np.array(ended) * SECOND_NS, np.int64),
        side=np.array(side, np.int64),
        ticks=np.array(ticks, np.int64),
        lots=np.array(lots, np.int64),
        cancelled=np.array(cancelled, np.bool_),
    )


def journal_of(
    mids_s: list[float], fills: list[tuple[float, int, int]] = (), held: int = 0, end_s: float = 60.0
) -> Journal:
    """A run whose mid changes at these seconds, filled as (s, side, lots), with one position held."""
    told_fills = np.zeros(len(fills), FILL)
    for place, (time_s, side, lots) in enumerate(fills):
        told_fills[place]["matched_ns"], told_fills[place]["side"] = round(time_s * SECOND_NS), side
        told_fills[place]["lots"] = lots
    return Journal(
        instrument=Instrument("HAND", 1.0, 1.0, 0.0, 0.0),
        capital=100.0,
        gamma=0.0,
        sigma=None,
        max_position=100.0,
        start_ns=0,
        end_ns=round(end_s * SECOND_NS),
        fills=told_fills,
        marks=np.array([(0, 100.0, held, 100.0)], MARK),
        mids=np.array([(round(time_s * SECOND_NS), 100.0) for time_s in mids_s], MID),
        attribution=Attribution(0.0, 0.0, 0.0, 0.0),
        decisions=1,
        refusals=(),
        tick_to_trade_ms=np.zeros(0),
        breach="",
        fault="",
        digest="",
    )


def flickering(start_s: float, end_s: float, lots: list[int], every_s: float = 0.1):
    count = round((end_s - start_s) / every_s)
    return [
        (start_s + place * every_s, start_s + (place + 1) * every_s, 1, 99, lots[place % len(lots)], True)
        for place in range(count)
    ]


def test_what_is_pulled_while_nothing_moves_is_stuffing():
    # Ten a second from second 20 to 30, the longest stretch; of its ten seconds two settle, so 80 in eight.
    done = conduct_of(flickering(20.0, 30.0, [5]))
    assert stuffing(journal_of([*range(21), *range(30, 60)]), done).startswith("10.0 orders a second")


def test_an_order_that_only_grows_is_no_flicker_and_one_that_grows_and_shrinks_is():
    journal = journal_of([*range(21), *range(30, 60)])
    growing = conduct_of(flickering(20.0, 30.0, list(range(1, 200))))
    swelling = conduct_of(flickering(20.0, 30.0, [1, 2]))
    assert stuffing(journal, growing) == ""
    assert stuffing(journal, swelling) != ""


def test_how_large_an_order_was_in_another_stretch_does_not_matter():
    before = [(1.0, 2.0, 1, 99, 500, True)]
    done = conduct_of([*before, *flickering(20.0, 30.0, list(range(1, 200)))])
    assert stuffing(journal_of([*range(21), *range(30, 60)]), done) == ""


def test_in_a_drill_every_stretch_counts_and_not_only_the_longest():
    # The flicker lasts from 10 to 16; the longest stretch is a quiet one after it.
    done = conduct_of(flickering(10.0, 16.0, [5]))
    journal = journal_of([*range(11), 16, *range(40, 60)])
    assert stuffing(journal, done) == ""
    assert stuffing_in_a_drill(journal, done).startswith("10.0 orders a second")


def test_a_fill_counts_what_was_shown_on_the_other_side_when_it_came():
    done = conduct_of([(0.0, 5.0, -1, 101, 2, False), (0.0, 9.0, 1, 99, 8, True)])
    # Eight bought against two sold.
    assert ratios(journal_of([0.0], [(5.0, -1, 2)]), done).tolist() == [4.0]


def test_a_show_that_was_pulled_just_before_the_fill_counts_and_an_older_one_does_not():
    for pulled_s, ratio in ((9.5, 4.0), (8.5, 0.0)):
        done = conduct_of([(0.0, pulled_s, 1, 99, 8, True), (9.6, 10.0, -1, 101, 2, False)])
        assert ratios(journal_of([0.0], [(10.0, -1, 2)]), done).tolist() == [ratio]


def test_a_maker_that_moves_both_sides_shows_no_more_on_one_of_them():
    # Four bids and four asks pulled together, and set anew; one of the new asks is filled a moment later.
    rows = [(0.0, 9.5, side, 100 - side * level, 2, True) for side in (1, -1) for level in range(1, 5)]
    rows += [(9.6, 10.0, -1, 101, 2, False)]
    assert ratios(journal_of([0.0], [(10.0, -1, 2)]), conduct_of(rows)).tolist() == [1.0]


@pytest.mark.parametrize(("held", "ratio"), [(0, 4.0), (4, 2.0), (8, 0.0), (-8, 4.0), (51, None)])
def test_what_would_only_take_the_position_back_is_no_show(held, ratio):
    # Two are bought while eight are offered; who holds eight may offer as much.
    done = conduct_of([(0.0, 5.0, 1, 99, 2, False), (0.0, 9.0, -1, 101, 8, True)])
    found = ratios(journal_of([0.0], [(5.0, 1, 2)], held), done).tolist()
    assert found == ([] if ratio is None else [ratio])


def test_few_lopsided_fills_are_an_accident_and_many_a_pattern():
    lopsided, even = [LOPSIDED] * LEAST_FILLS, [1.0]
    assert told(np.array(lopsided[:-1])) == ""
    assert told(np.array(lopsided + even * 16)) == ""
    assert told(np.array(lopsided + even * 15)).startswith("10 of 25 fills")
