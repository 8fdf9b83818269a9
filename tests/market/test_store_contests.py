"""What a tournament or a canary played is kept, both sides of it, and judges nothing."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.agents.contest import Contest, contested
from alphaloop.agents.keeping import MOST_CONTESTS, contests, kept_sides, other_side, run_of
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.sides import Sides
from alphaloop.facts.episode import Pair, Score
from alphaloop.market.journal import MID
from alphaloop.market.metrics import score
from alphaloop.market.store.contents import contents
from alphaloop.market.store.journals import journals_in, keep_journals
from alphaloop.market.store.reader import sources
from alphaloop.rules import canary, seeds
from alphaloop.rules.entries.evidence import evidence_of

SCORE = Score(1.0, 1.0, 0.0, 1.0, 0.0, 1.0, "", "sha256:x")
PAIR = Pair(1, SCORE, SCORE)


def _contest(desk, most=2):
    main, founded = desk.forge.main(), desk.ledger.entries()[0]
    return Contest("canary", founded, seeds.Stream.RELEASE, 7, main, main, main, "sre", most)


def _played(desk):
    main = desk.forge.main()
    scales = replace(scales_between(desk, main, main, main), objective=1.0)
    return evidence_of(contested(desk, _contest(desk), scales, canary.Watch(1.0)))


@pytest.fixture
def desk(leaning, copied, sit):
    said: list[str] = []
    return replace(sit(copied(leaning), said), tell=said.append), said


def test_both_sides_of_a_contest_are_kept_and_give_the_numbers_that_judged_it(desk):
    desk, said = desk
    found = _played(desk)
    head, base = contests(desk.store, "canary")
    assert {run_of(side)["side"] for side in (head, base)} == {"head", "base"}
    assert other_side(desk.store, head) == base
    assert other_side(desk.store, base) == head
    for side, told in ((head, "candidate"), (base, "base")):
        name = {"head": "candidate", "base": "base"}[run_of(side)["side"]]
        back = [score(journal) for journal in journals_in(desk.store, side)]
        assert back == [getattr(pair, name) for pair in found.pairs], told
    assert len(found.pairs) == run_of(head)["pairs"] == 2
    assert not [words for words in said if "not kept" in words]
    origins = {entry.origin for entry in contents(desk.store).entries}
    assert origins == {"the release in the canary of #7", "its shadow in the canary of #7"}


def test_a_store_that_cannot_be_written_is_told_and_the_judgement_is_the_same(desk, leaning, copied, sit):
    desk, said = desk
    desk.store.parent.mkdir(exist_ok=True)
    desk.store.write_text("a file in its place")
    judged = _played(desk)
    assert sum("these journals are not kept" in words for words in said) == 2
    assert judged.pairs == _played(sit(copied(leaning))).pairs


def test_a_rehearsal_keeps_nothing(leaning, copied, sit):
    desk = sit(copied(leaning))
    # As a dry run, but at this desk, so that what is kept would be seen here.
    _played(replace(desk, rehearsal=True))
    assert sources(desk.store) == []


def test_only_the_newest_ten_contests_of_a_kind_stay_and_other_runs_are_left_alone(desk, journal_of):
    desk, _ = desk
    keep_journals(desk.store, [journal_of()], "simulated", {"by": "data", "entry": 0})
    keep_journals(desk.store, [journal_of()], "simulated", {"by": "canary", "entry": "none of ours"})
    for entry in (5, 3, *range(20, 20 + MOST_CONTESTS - 1)):
        run = {"by": "canary", "entry": entry, "change": 1, "pairs": 1}
        kept_sides(desk, [journal_of()], [journal_of(capital=7.0)], run)
        kept_sides(desk, [journal_of()], [], {**run, "by": "tournament"})
    for kind, sides in (("canary", 2), ("tournament", 1)):
        entries = [run_of(side)["entry"] for side in contests(desk.store, kind)]
        # 3 was kept later than 5 and belongs to an older entry: what is old is said by the ledger.
        assert entries == sorted([5, *range(20, 20 + MOST_CONTESTS - 1)] * sides)
    others = [run_of(source) for source in sources(desk.store) if "pairs" not in run_of(source)]
    assert len(others) == 2


def test_a_contest_that_is_kept_again_is_kept_once(desk):
    desk, _ = desk
    _played(desk)
    before = [source.key for source in sources(desk.store)]
    _played(desk)
    assert [source.key for source in sources(desk.store)] == before


def test_the_first_pairs_are_remembered_as_far_as_there_is_room(journal_of):
    small, large = journal_of(), journal_of(mids=[(s / 100, 1.0) for s in range(100)])
    assert large.mids.nbytes == 100 * MID.itemsize == 1_600
    sides = Sides(room_bytes=4_000)
    played = [(PAIR, (large, small)), (PAIR, None), (PAIR, (small, large)), (PAIR, (large, large))]
    played.append((PAIR, (small, small)))
    assert list(sides.seen(played)) == [PAIR] * 5
    # 1,600 and 1,600 fit into 4,000; the pair of 3,200 does not, and after it none is taken.
    assert [len(journal.mids) for journal in sides.head] == [100, 0]
    assert [len(journal.mids) for journal in sides.base] == [0, 100]
    assert np.array_equal(sides.head[0].mids, large.mids)
