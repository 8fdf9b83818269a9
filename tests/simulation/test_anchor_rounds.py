"""An episode of several games: each a fresh strategy on a game of its own, and what they earn adds up."""

import math
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from alphaloop.contract import Quote
from alphaloop.errors import BadConfiguration, Broken, StrategyFault
from alphaloop.facts.market import WorldSpec
from alphaloop.market.ingest import load, save
from alphaloop.market.journal import Journal
from alphaloop.market.metrics import score
from alphaloop.market.tape import LOCAL
from alphaloop.market.worlds import make
from alphaloop.market.worlds.game import LEAD_IN_STEPS
from alphaloop.simulation.anchor.model import Game, formula
from alphaloop.simulation.anchor.paths import venue_of
from alphaloop.simulation.episode import play
from alphaloop.simulation.rounds import joined, rounds
from alphaloop.simulation.side import play_source
from alphaloop.simulation.timeline import timeline

VENUE = venue_of(Game(), 0.1)
FINE = VENUE.market.instrument
JOINED = {
    "end_ns",
    "fills",
    "marks",
    "mids",
    "attribution",
    "decisions",
    "refusals",
    "tick_to_trade_ms",
    "breach",
    "fault",
    "digest",
    "orders",
    "funding",
}
OF_THE_WHOLE = {
    "instrument",
    "capital",
    "gamma",
    "sigma",
    "max_position",
    "start_ns",
    "channels",
    "outages_ns",
    "messages_per_second",
}


class Here:
    """A sandbox without walls, in this process: every start is another instance of a class of these tests."""

    name, tainted = "here", True

    def __init__(self, made):
        self.made, self.started = made, []

    def start(self, source, hash_seed=0):
        self.started.append(self.made())
        return self.started[-1]


@pytest.fixture
def quoter(strategy):
    """The paper's two rules, made anew."""

    def made(leaning):
        policy = formula(Game(), 0.1, leaning)
        quotes = {left: policy(left) for left in range(1, 201)}

        def start():
            began = []

            def answer(book):
                began.append(book.time)
                left = min(200, round(202 - (book.time - began[0])))
                bid, ask = (float(away[round(book.position) + 50]) for away in quotes[left])
                return [Quote("buy", book.mid - bid, 1.0), Quote("sell", book.mid + ask, 1.0)]

            return strategy(answer)

        return Here(start)

    return made


def world(games=8):
    return WorldSpec("avellaneda-stoikov", (("games", float(games)),))


def test_an_episode_of_this_world_is_eight_games():
    tape = make(WorldSpec("avellaneda-stoikov"), FINE, 200.0, 4)
    parts = rounds(tape)
    assert len(parts) == 8
    assert [(part.end_ns - part.start_ns) // 10**9 for part in parts] == [LEAD_IN_STEPS + 200] * 8
    for part in parts:
        assert part.lottery is not None
        assert (part.lottery.draws[:LEAD_IN_STEPS] == 1.0).all()
        assert (part.lottery.draws[LEAD_IN_STEPS : LEAD_IN_STEPS + 200] < 1.0).all()
    drawn = {float(part.lottery.draws[LEAD_IN_STEPS, 0]) for part in parts if part.lottery}
    assert len(drawn) == 8


def test_the_null_world_stays_one_game():
    tape = make(WorldSpec("null"), FINE, 200.0, 4)
    assert tape.rounds_ns == ()
    assert rounds(tape) == (tape,)


def test_the_mid_goes_on_from_game_to_game():
    parts = rounds(make(world(3), FINE, 20.0, 4))
    ends = [(part.events["px"][-4:].max(), part.events["px"][:2].mean()) for part in parts]
    for (last, _), (_, opening) in pairwise(ends):
        assert abs(last - opening) < 0.15


@pytest.mark.parametrize("games", [0.5, 1.5, 65, 0])
def test_a_number_of_games_that_is_none_is_refused(games):
    with pytest.raises(BadConfiguration, match="games"):
        make(WorldSpec("avellaneda-stoikov", (("games", games),)), FINE, 20.0, 1)


def test_a_tape_with_rounds_is_never_played_as_one_game(strategy):
    with pytest.raises(Broken, match="3 rounds"):
        play(strategy(), make(world(3), FINE, 20.0, 1), VENUE.market, VENUE.limits)


def test_a_tape_keeps_its_rounds_in_a_file(tmp_path):
    tape = make(world(3), FINE, 20.0, 1)
    save(tape, tmp_path / "three.npz")
    again = load(tmp_path / "three.npz")
    assert again.rounds_ns == tape.rounds_ns
    assert again.digest() == tape.digest()
    assert replace(tape, rounds_ns=()).digest() != tape.digest()


def test_every_game_has_a_strategy_of_its_own(quoter):
    here = quoter(True)
    play_source(b"", make(world(3), FINE, 200.0, 2), VENUE, here)
    first_asked = [worker.books[0] for worker in here.started]
    assert len(here.started) == 3
    assert all(worker.closed for worker in here.started)
    assert [book.position for book in first_asked] == [0.0] * 3
    assert np.diff([book.time for book in first_asked]) == pytest.approx(213.0)


def test_what_the_games_earn_adds_up(quoter):
    tape = make(world(4), FINE, 200.0, 2)
    whole = play_source(b"", tape, VENUE, quoter(True))
    alone = [play_source(b"", part, VENUE, quoter(True)) for part in rounds(tape)]
    ours, theirs = score(whole), [score(journal) for journal in alone]
    assert ours.pnl == pytest.approx(sum(one.pnl for one in theirs))
    assert ours.objective == pytest.approx(sum(one.objective for one in theirs))
    assert ours.filled_volume == sum(one.filled_volume for one in theirs)
    assert ours.max_abs_position == max(one.max_abs_position for one in theirs)
    assert whole.decisions == sum(journal.decisions for journal in alone)
    parts = whole.attribution
    assert ours.pnl == pytest.approx(parts.spread + parts.inventory - parts.fees + parts.funding)
    assert (np.diff(whole.marks["time_ns"]) >= 0).all()
    assert (np.diff(whole.mids["time_ns"]) > 0).all()
    assert len(np.unique(whole.orders["order"][whole.orders["verb"] == 1])) == sum(
        (journal.orders["verb"] == 1).sum() for journal in alone
    )


def test_nothing_is_held_between_two_games(quoter):
    tape = make(world(2), FINE, 200.0, 2)
    first, second = (play_source(b"", part, VENUE, quoter(False)) for part in rounds(tape))
    assert first.marks["position_lots"][-1] != 0
    whole = joined([first, second])
    between = whole.marks[len(first.marks)]
    assert between["position_lots"] == 0
    assert between["time_ns"] == first.end_ns
    assert between["equity"] == first.marks["equity"][-1]
    assert whole.marks["equity"][-1] - whole.capital == pytest.approx(
        first.marks["equity"][-1] + second.marks["equity"][-1] - 2 * whole.capital
    )


def test_the_first_fault_ends_the_episode(strategy):
    tape = make(world(4), FINE, 20.0, 2)
    told = iter([False, True])

    class Failing(strategy):
        def __init__(self):
            super().__init__()
            self.fails = next(told)

        def on_book(self, book):
            if self.fails:
                raise StrategyFault("strategy.py:7: it gave up")
            return []

    here = Here(Failing)
    journal = play_source(b"", tape, VENUE, here)
    assert journal.fault == "strategy.py:7: it gave up"
    assert len(here.started) == 2
    assert score(journal).objective is None


def test_what_would_be_heard_after_a_game_is_not_heard():
    tape = make(world(2), FINE, 20.0, 2)
    tape.events["local_ts"] += 3_000_000_000
    first, second = rounds(tape)
    late = first.events["local_ts"] == first.events["exch_ts"]
    assert late.sum() == 3 * 4
    assert not (first.events["ev"][late] & LOCAL).any()
    assert first.end_ns < tape.rounds_ns[0] <= second.start_ns


def test_every_part_of_a_journal_is_joined_or_of_the_whole():
    """A new field must be put into one of the two before an episode of several games may carry it."""
    known = JOINED | OF_THE_WHOLE
    assert {field.name for field in fields(Journal)} == known


def arithmetic(draws, moves, leaning):
    """The game in plain arithmetic over many paths at once: profits, and the sums of squared inventory.

    draws: uniform, shape (paths, steps, 2); moves: of the mid after each step, shape (paths, steps).
    """
    paths, steps = moves.shape
    held, profits, squares = (np.zeros(paths) for _ in range(3))
    for step in range(steps):
        risk = 0.1 * 0.02 * (steps - step)
        away, lean = (risk + 20 * math.log(1 + 0.1 / 1.5)) / 2, held * risk * leaning
        bought, sold = (
            draws[:, step, side] < 0.7 * np.exp(-1.5 * distance)
            for side, distance in ((0, away + lean), (1, away - lean))
        )
        squares += held**2
        profits += bought * (away + lean) + sold * (away - lean)
        held += bought.astype(float) - sold
        profits += held * moves[:, step]
    return profits, squares


@pytest.mark.parametrize("leaning", [True, False])
def test_the_product_plays_what_arithmetic_says(quoter, leaning):
    parts = rounds(make(world(3), FINE, 200.0, 9))
    for part in parts:
        drawn = part.lottery.draws[None, LEAD_IN_STEPS : LEAD_IN_STEPS + 200]
        moves = np.copysign(0.02**0.5, np.diff(_mids_of(part)[LEAD_IN_STEPS:]))[None]
        (profit,), (squares,) = arithmetic(drawn, moves, leaning)
        made = score(play_source(b"", part, VENUE, quoter(leaning)))
        # Quotes are rounded away from the mid by half a tick on average, some hundred fills of them.
        assert made.pnl == pytest.approx(profit, abs=0.02)
        assert made.objective == pytest.approx(profit - 0.05 * 0.02 * squares, abs=0.02)


def test_eight_games_tell_two_strategies_apart_where_one_hardly_does():
    """From symmetric to formula one path gives 0.24 deviations, so eight of them give 0.24 √8 = 0.68."""
    generator = np.random.Generator(np.random.PCG64(3))
    draws = generator.random((16_000, 200, 2))
    moves = np.where(generator.random((16_000, 200)) < 0.5, 1, -1) * 0.02**0.5
    worth = []
    for leaning in (True, False):
        profits, squares = arithmetic(draws, moves, leaning)
        worth.append(profits - 0.05 * 0.02 * squares)
    one = worth[0] - worth[1]
    eight = one.reshape(-1, 8).sum(axis=1)
    assert one.mean() / one.std() == pytest.approx(0.24, abs=0.02)
    assert eight.mean() / eight.std() == pytest.approx(0.68, abs=0.08)


def _mids_of(part):
    """The mid at the start of every step of a game's tape, and after its last."""
    made = timeline(part)
    return np.array([made.mid_at(part.start_ns + step * 10**9) for step in range(LEAD_IN_STEPS + 201)])
