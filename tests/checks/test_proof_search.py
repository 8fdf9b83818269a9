"""The two searches: what each finds, that neither accuses the honest, and that nobody believes the prover."""

import csv
from pathlib import Path
from time import monotonic

import pytest

from alphaloop.checks.proof.beginnings import beginnings
from alphaloop.checks.proof.examples import search_examples
from alphaloop.checks.proof.findings import proof_findings
from alphaloop.checks.proof.play import play
from alphaloop.checks.proof.reach import reach_of
from alphaloop.checks.proof.search import search_limits
from alphaloop.checks.proof.symbolic import prover
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import examine
from alphaloop.errors import Broken
from alphaloop.facts.finding import Severity, vetoes
from alphaloop.facts.history import Move
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.sandbox.docker.backend import Docker
from alphaloop.simulation.venue import Venue

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
TEMPLATE = (ROOT / "strategy_template" / "strategy.py").read_bytes()
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"), ())
VENUE = Venue(MARKET, LIMITS, "lockdown")
BY_EXAMPLES = {"proof_worn_by_fills": "order_size", "proof_steady_sizes": "fault"}
BY_SYMBOLS = {"proof_hidden_window": "self_cross", "proof_sizes_against_the_spread": "collar"}
TWICE = (
    (CORPUS / "unsafe" / "proof_equal_sizes_twice.py")
    .read_bytes()
    .replace(b"book.bid_size > 37.5 and ", b"")  # as it is, it takes both searches longer
)
LONG_S = 120.0
"""What a busy machine may take; an idle one finds within five seconds."""


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


@pytest.fixture(scope="module")
def calm(sandbox):
    """The template's reach and beginnings."""
    reach = reach_of(VENUE, TEMPLATE)
    begun, broken = beginnings(TEMPLATE, reach, sandbox)
    assert broken is None
    return reach, begun


@pytest.fixture(scope="module")
def tried(sandbox):
    """What Hypothesis finds in each of its files."""
    return {name: by_examples(source_of(name), sandbox).counterexample for name in BY_EXAMPLES}


def source_of(name):
    return (CORPUS / "unsafe" / f"{name}.py").read_bytes()


def proved(source, sandbox, seconds=0.5, met=()):
    return search_limits(
        Subject("strategy.py", source, None, LIMITS, met), VENUE, sandbox, lambda words: None, seconds
    )


def by_examples(source, sandbox, most=400):
    return search_examples(source, reach_of(VENUE, source), sandbox, LONG_S, 0.0, most)


def by_symbols(source, sandbox, seconds=LONG_S):
    """The first claim of the prover that holds, and how many it made."""
    reach = reach_of(VENUE, source)
    begun, broken = beginnings(source, reach, sandbox)
    assert broken is None
    with prover(source, reach, begun, seconds, walls=True) as proving:
        for count, history in enumerate(proving.claims(monotonic() + seconds, 0.0), 1):
            assert reach.holds(history)
            if (found := play(source, history, reach, sandbox)) is not None:
                return found, count
    return None, 0


def rule_of(found):
    return found.refusal.rule if found.refusal is not None else "fault"


@pytest.mark.parametrize("name", BY_EXAMPLES)
def test_hypothesis_finds_what_takes_a_long_history_or_numpy(name, tried):
    assert rule_of(tried[name]) == BY_EXAMPLES[name]


@pytest.mark.parametrize("name", BY_SYMBOLS)
def test_crosshair_finds_what_no_random_number_meets(name, sandbox):
    found, _ = by_symbols(source_of(name), sandbox)
    assert rule_of(found) == BY_SYMBOLS[name]
    assert by_examples(source_of(name), sandbox, most=30).counterexample is None


def test_the_manifest_names_a_proof_for_each_of_its_files():
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as listed:
        rows = {
            Path(row["file"]).stem: row["rule"] for row in csv.DictReader(listed) if row["stage"] == "proof"
        }
    assert len(rows) >= 8
    assert (BY_EXAMPLES | BY_SYMBOLS).items() <= rows.items()


def test_the_same_file_is_searched_the_same_way(sandbox):
    first, again = (by_examples(TWICE, sandbox) for _ in range(2))
    assert first.counterexample.history == again.counterexample.history
    assert first.examples == again.examples


def test_an_honest_strategy_is_never_accused_and_the_note_says_what_was_covered(sandbox):
    proof = proved(TEMPLATE, sandbox)
    assert proof.found is None
    (note,) = proof_findings(proof, "strategy.py")
    assert note.severity is Severity.NOTE
    assert f"({proof.examples} examples; CrossHair explored {proof.progress.paths} paths" in note.message
    assert "no counterexample found in" in note.message
    assert "this is no proof" in note.message
    assert proof.examples > 0
    assert proof.progress.paths > 0


def test_a_counterexample_ends_the_review_and_is_shown(sandbox):
    found = examine(
        Subject("strategy.py", TWICE, None, LIMITS), VENUE, "pre-trade", lambda words: None, sandbox
    )
    assert list(found.seconds) == ["bytes", "static", "proof"]
    (veto,) = vetoes(found.findings)
    assert veto.check == "proof.fault"
    assert "ZeroDivisionError" in veto.message
    assert "decisions" in veto.message
    assert "position" in veto.message
    assert len(found.counterexample) > 1


def test_a_later_candidate_meets_what_broke_an_earlier_one_before_anything_is_searched(sandbox, tried):
    worn = source_of("proof_worn_by_fills")
    beyond = Move(wait_ms=100, bid_ticks=1, spread_ticks=1, bid_lots=1, ask_lots=1)
    met = ((beyond,), tried["proof_worn_by_fills"].history)
    again, mended = worn + b"# again\n", worn.replace(b"self.size * 5.5", b"self.size * 0.5")
    for source, broken in ((again, True), (mended, False)):
        proof = proved(source, sandbox, met=met)
        # The other one lies where no price of this market can be.
        assert (proof.found is not None, proof.again) == (broken, 1)
        assert (proof.by, proof.examples) == ("a counterexample of before", 0) or not broken
        (found,) = proof_findings(proof, "strategy.py")
        assert ("a counterexample of before" if broken else "1 counterexamples of before") in found.message


class Contained:
    """The workers of lockdown, as if they stood where no prover can: a container holds none."""

    tainted = holds_prover = False

    def __init__(self, sandbox):
        self.name, self.start = "contained", sandbox.start


def test_a_sandbox_that_cannot_hold_the_prover_gets_none_elsewhere_and_says_so(sandbox, monkeypatch):
    from alphaloop.checks.proof import search

    monkeypatch.setattr(search, "prover", None)
    proof = proved(TEMPLATE, Contained(sandbox))
    assert proof.found is None
    assert proof.examples > 0
    note, warning = proof_findings(proof, "strategy.py")
    assert (note.check, warning.check) == ("proof.none_found", "proof.half")
    assert warning.severity is Severity.WARNING
    assert "lockdown" in warning.message
    assert Docker.holds_prover is False


def test_a_file_that_cannot_be_made_is_a_counterexample_without_a_market(sandbox):
    proof = proved(b"raise ValueError('no')\n", sandbox)
    (veto,) = vetoes(proof_findings(proof, "strategy.py"))
    assert "ValueError" in veto.message
    assert proof.found.history == ()


LIAR = (
    b"""
import gc, socket
from struct import Struct
for line in [one for one in gc.get_objects() if isinstance(one, socket.socket)]:
    line.sendall(%s)
"""
    + TEMPLATE
)

FORGED = {
    "garbage": b"b'\\xff' * 4096",
    "a claim beyond reach": b"Struct('<BBBxIII7qd').pack(2, 0, 1, 9, 0, 9, 1, 1, 0, -5, 0, 0, 9, 1e300)",
    "a claim from nowhere": b"Struct('<BBBxIII').pack(2, 250, 1, 0, 0, 0)",
    "half a claim": b"Struct('<BBBxIII').pack(2, 0, 1, 0, 0, 0)",
    "claims without end": b"Struct('<BBBxIII7qd').pack(2, 0, 1, 9, 0, 9, 10000, 1, 1, 1, 0, 0, 0, -1.) * 999",
}


@pytest.mark.parametrize("forged", FORGED)
def test_nothing_that_the_prover_says_is_believed(forged, sandbox, calm):
    """The liar shares the prover's interpreter; the ordinary worker, which judges, never runs the lie."""
    reach, begun = calm
    with prover(LIAR % FORGED[forged], reach, begun, 3.0, walls=True) as proving:
        for _, history in zip(range(5), proving.claims(monotonic() + 3.0, 0.0), strict=False):
            assert not reach.holds(history) or play(TEMPLATE, history, reach, sandbox) is None


@pytest.mark.parametrize(
    "attack",
    [
        "open('/etc/passwd')",
        "__import__('socket').socket()",
        "__import__('os').fork()",
        "__import__('threading').Thread(target=print).start()",
    ],
)
def test_the_prover_is_locked_in_as_a_worker_is(attack, calm):
    """An attack that worked would let the prover go on, and say that it explored."""
    reach, begun = calm
    with prover(f"{attack}\n".encode() + TEMPLATE, reach, begun, 3.0, walls=True) as proving:
        assert list(proving.claims(monotonic() + LONG_S, 0.0)) == []
        assert proving.progress.paths == 0
        assert proving.ended


def test_a_prover_that_dies_is_told_of_and_is_no_veto(sandbox):
    source = b"import sys\nif 'crosshair' in sys.modules:\n    sys.modules['os']._exit(7)\n" + TEMPLATE
    proof = proved(source, sandbox)
    assert proof.found is None
    (note,) = proof_findings(proof, "strategy.py")
    assert "CrossHair ended early: it left without an answer, with exit code 7" in note.message


def test_a_prover_that_cannot_be_locked_in_is_broken(sandbox, monkeypatch):
    from alphaloop.checks.proof import symbolic

    monkeypatch.setattr(symbolic, "_LIBRARIES", ("click",))
    monkeypatch.setattr(symbolic, "PROVER", "alphaloop.checks.proof.inside.nobody")
    with pytest.raises(Broken, match="doctor"):
        proved(TEMPLATE, sandbox)


def test_a_strategy_that_hangs_the_prover_is_left_when_time_is_up(calm):
    source = b"import sys\nwhile 'crosshair' in sys.modules:\n    pass\n" + TEMPLATE
    reach, begun = calm
    began = monotonic()
    with prover(source, reach, begun, 1.0, walls=True) as proving:
        assert list(proving.claims(monotonic() + 1.0, 0.0)) == []
        assert proving.ended == ""
    assert monotonic() - began < LONG_S
