"""What made one candidate break a limit is in the ledger, and the next one meets it before any search."""

import pytest

from alphaloop.agents.risk.examination import objection
from alphaloop.doors.reviewing import reviewed
from alphaloop.facts.entry import Kind
from alphaloop.facts.verdict import Stance

GREEDY = b"""from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def on_book(self, book):
        return [Quote("buy", book.bid, 9_999.0)]
"""


@pytest.fixture
def desk(null, copied, sit):
    return sit(copied(null))


def proposed(desk, source):
    return desk.forge.open("quant", "Take it all", "", {"strategy.py": source}, source.decode())


def kept(desk):
    return [entry for entry in desk.ledger.entries() if entry.kind is Kind.COUNTEREXAMPLE]


def test_the_next_candidate_meets_what_broke_the_last_one_and_it_is_kept_once(desk, tmp_path):
    first, second = (proposed(desk, GREEDY + comment) for comment in (b"", b"# again\n"))
    vetoed = objection(desk, first)
    assert (vetoed.stance, [one.check for one in vetoed.findings]) == (Stance.VETO, ["proof.order_size"])
    assert "found by a first play" in vetoed.findings[0].message
    (entry,) = kept(desk)
    assert (entry.signer, entry.body["head"]) == ("risk", first.head)
    assert entry.body["check"] == "proof.order_size"
    assert "found by a counterexample of before" in objection(desk, second).findings[0].message
    assert kept(desk) == [entry]
    (tmp_path / "mine.py").write_bytes(GREEDY + b"# a file\n")
    shown = reviewed(desk, str(tmp_path / "mine.py"), None)
    assert shown.decision == "vetoed"
    assert "found by a counterexample of before" in shown.findings[-1].message
    assert kept(desk) == [entry]
