"""Review vetoes what is unsafe and says why; what a sensible author writes passes in every scenario."""

import json

import pytest

from alphaloop.market.scenarios import SCENARIOS

FRAME = """
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

{before}
    def on_book(self, book):
        {body}
        return [Quote("buy", book.bid, 1.0), Quote("sell", book.ask, 1.0)]
"""
KEEPS = "    def __init__(self, params):\n        self.kept = []\n"
UNSAFE = {
    "quotes ten times the limit": (
        FRAME.replace("1.0), ", "10 * self.MAX_POSITION), ").replace("{body}", "pass"),
        "proof.order_size",
        "the limit is",
    ),
    "imports os": ("import os\n" + FRAME.replace("{body}", "os.getcwd()"), "static.imports", "import os"),
    "never returns": (FRAME.replace("{body}", "while True: pass"), "static.loops", "a while loop whose end"),
    "hardly ever returns": (
        FRAME.replace("{body}", "for _ in range(10 ** 9): book.mid + 1"),
        "static.resources",
        "1000000000",
    ),
    "reads a frame": (
        FRAME.replace("{body}", "(x for x in ()).gi_frame.f_back"),
        "static.attributes",
        "'gi_frame'",
    ),
    "eats memory": (
        FRAME.replace("{before}", KEEPS).replace("{body}", "self.kept.append(book.mid)"),
        "static.growth",
        "self.kept grows",
    ),
    "quotes what is no number": (
        FRAME.replace("book.bid,", "wild - wild,").replace("{body}", "wild = 1e308 * book.bid"),
        "proof.fault",
        "must be finite",
    ),
    "crosses itself": (
        FRAME.replace("book.bid,", "book.ask,").replace("{body}", "pass"),
        "proof.self_cross",
        "break the rule self_cross",
    ),
}
HALF, BID, ASK = "half_spread = book.mid", "bid = book.mid - half_spread", "ask = book.mid + half_spread"
SHIFT = "shift = book.mid * 0.0005 * book.position / self.MAX_POSITION"
PAUSE = "if book.volatility > 0.0005 * book.mid:\n            return []"
EDITS = {
    "the template": {},
    "a tighter spread": {'"half_spread_bps": 8.0': '"half_spread_bps": 3.0'},
    "inventory skew": {BID: f"{SHIFT}\n        {BID} - shift", ASK: f"{ASK} - shift"},
    "a pause on high volatility": {HALF: f"{PAUSE}\n        {HALF}"},
}


@pytest.mark.parametrize("what", UNSAFE)
def test_a_strategy_is_vetoed_that(door, quiet_desk, tmp_path, what):
    source, check, words = UNSAFE[what]
    (tmp_path / "mine.py").write_text(source.replace("{before}", "").replace("{body}", "pass"))
    answer = door(quiet_desk, "review", tmp_path / "mine.py", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["decision"]) == (1, "vetoed")
    named = [one for one in found["findings"] if one["check"].startswith(check) and words in one["message"]]
    assert [one["severity"] for one in named] != [], found["findings"]
    assert all(one["severity"] == "veto" and one["file"] == "strategy.py" for one in named)
    assert check in door(quiet_desk, "review", tmp_path / "mine.py").out


@pytest.mark.parametrize("what", [what for what in UNSAFE if "returns" in what or "memory" in what])
def test_what_static_reading_would_miss_is_ended_by_the_worker(door, quiet_desk, tmp_path, what):
    source = UNSAFE[what][0].replace("{before}", "").replace("{body}", "pass")
    (tmp_path / "mine.py").write_text(source.replace("self.kept.append(book.mid)", "[0] * 10 ** 10"))
    answer = door(quiet_desk, "simulate", "--strategy", tmp_path / "mine.py", "--json")
    assert answer.code == 1
    assert json.loads(answer.out)["ended"]


@pytest.mark.parametrize("what", EDITS)
def test_no_safety_stage_vetoes(door, book_desk, tmp_path, what):
    source = (book_desk / "strategy.py").read_text()
    for old, new in EDITS[what].items():
        assert source.count(old) == 1
        source = source.replace(old, new)
    (tmp_path / "mine.py").write_text(source)
    answer = door(book_desk, "review", tmp_path / "mine.py", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["decision"]) == (0, "approved"), found["findings"]
    assert list(found["seconds"]) == ["bytes", "static", "proof", "stress", "surveillance", "pre-trade"]
    assert [one for one in found["findings"] if one["severity"] == "veto"] == []


def test_there_are_at_least_six_scenarios():
    asked = {"flash_crash", "feed_gap", "stale_quotes", "latency_spike", "one_sided_flow", "spread_blowout"}
    assert asked <= set(SCENARIOS)
