"""Races that other desks have had, put into our own rules one at a time: the search must find each."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import protocol_store
import protocol_world
import pytest
from protocol_memory import everywhere
from protocol_objects import entry_after
from protocol_scenarios import IDEA, MORE
from protocol_search import explored
from protocol_store import Store
from protocol_world import Scenario, swapped
from protocol_wrong import Wrong

from alphaloop.agents import canary, rollback
from alphaloop.facts.change import RELEASE_PATHS
from alphaloop.facts.entry import Kind
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Stance
from alphaloop.rules import bound, claims, deadlock, decide, gate, next_step, overtaken, stopped
from alphaloop.rules.entries.evidence import evidence_digest
from alphaloop.rules.entries.verdicts import verdict_of

Swaps = Iterator[tuple[Any, str, Any]]
ENOUGH_S = 60.0


def _another_commit() -> Swaps:
    """What was said and shown on one head counts for whatever head the branch has now."""
    yield decide, "_here", lambda change, said: said.base == change.base
    yield from everywhere(gate.promoting, _all_evidence)
    yield from everywhere(bound.void, lambda entries, said, head_tree="", judged_by="": "")
    yield (
        next_step,
        "review_due",
        lambda sight, change: (
            not any(one.kind is Kind.VERDICT and one.signer == "risk" for one in sight.entries)
        ),
    )


def _stale_approval() -> Swaps:
    """A decision, once taken, is acted on whatever was said since."""
    yield from everywhere(overtaken.overtaken, lambda entries, decided: None)
    yield (
        next_step,
        "_decision_due",
        lambda sight, change: overtaken.last_decided(sight.entries, change.number) is None,
    )


def _replayed() -> Swaps:
    """A word that is delivered again is recorded again, as if it had been said now."""

    def append(store: Store, draft: Any, signer: str, onto: str = "") -> Any:
        store.before()
        known = [one for one in store.refs.entries if one.key == draft.key]
        if known and not is_human(signer):
            return known[0]
        entry = entry_after(store.refs.entries, draft, signer)
        store.refs = store.refs._replace(entries=(*store.refs.entries, entry))
        store.after()
        return entry

    yield Store, "append", append


def _one_head() -> Swaps:
    """What seats said on a head counts for every change that has it."""
    real = bound.counted

    def counted(entries: Any, change: Any) -> Any:
        others = [verdict_of(one) for one in entries if one.kind is Kind.VERDICT and not is_human(one.signer)]
        alike = [one for one in others if one.head == change.head and one.stance is Stance.APPROVE]
        return (*real(entries, change), *(replace(one, change=change.number) for one in alike))

    yield from everywhere(real, counted)
    yield from everywhere(gate.promoting, _all_evidence)


def _a_stop_is_late() -> Swaps:
    """A stop is read by nobody but the person who gave it."""
    yield from everywhere(stopped.stop_in_force, lambda entries: None)
    yield from everywhere(stopped.why_stopped, lambda entries: "")
    yield from everywhere(overtaken.overtaken, lambda entries, decided: None)


def _confirmed_all_the_same() -> Swaps:
    """A canary that ran well is confirmed, whatever was said while it ran."""
    yield canary, "recalled", lambda entries, released, seats: ""
    yield next_step, "recalled", lambda entries, released, seats: ""


def _nobody_is_told() -> Swaps:
    """A hypothesis is refused for ever."""
    yield from everywhere(deadlock.deadlocked, lambda entries, escalate_after: ())


def _claims_bind_nobody() -> Swaps:
    """Whoever comes to a step begins it."""
    yield claims, "binds", lambda claim, now_s: False


def _limits_stay() -> Swaps:
    """What a person scaled goes back without its limits, and nobody asks whether it still fits them."""
    yield rollback, "_paths", lambda desk, release, main: RELEASE_PATHS
    yield protocol_world, "_unsafe", lambda *_: ""


def _limits_go_back() -> Swaps:
    """The limits of before a scaling come back, whatever people tightened since."""
    yield protocol_world, "_loosened", lambda standing, wanted: ()
    yield protocol_store, "loosens", lambda source, onto: False
    yield protocol_world, "_unsafe", lambda *_: ""


def _all_evidence(entries: Any, change: Any, seats: Any) -> frozenset[str]:
    return frozenset(evidence_digest(one) for one in entries if one.kind is Kind.EVIDENCE)


def _one(*people: str) -> Scenario:
    return Scenario("one change", (IDEA,), people, **_CALM)


_CALM: Any = {"answers": ("approve",), "interrupted": False}
MUTANTS: tuple[tuple[Callable[[], Swaps], Scenario, str], ...] = (
    (_another_commit, _one("push:1"), "did not approve at this head"),
    (_stale_approval, _one("veto:1"), "over a person's hold or veto"),
    (_replayed, _one("approve:1", "veto:1", "replay"), "over a person's hold or veto"),
    (_one_head, Scenario("twins", (IDEA, IDEA), ("hold:1",), **_CALM), "did not approve at this head"),
    (_a_stop_is_late, _one("stop"), "while the desk was stopped"),
    (_confirmed_all_the_same, _one("hold:1"), "confirmed over a hold"),
    (_nobody_is_told, Scenario("often", (IDEA, IDEA), (), answers=("veto",)), "handed over 0 times"),
    (_limits_stay, Scenario("more", (MORE,), ("hold:1",), "wide", **_CALM), "its limits stayed"),
    (_limits_go_back, Scenario("less", (MORE,), ("hold:1", "tighten"), "wide", **_CALM), "loosened a limit"),
    (_claims_bind_nobody, Scenario("at once", (IDEA,), (), answers=("approve",)), "two processes spent"),
)


@pytest.mark.parametrize(
    ("mutant", "scenario", "seen"), MUTANTS, ids=lambda one: getattr(one, "__name__", "")
)
def test_the_search_finds_every_seeded_race(mutant, scenario, seen):
    with swapped(*mutant()), pytest.raises(Wrong, match=seen):
        explored(scenario, 1_000_000, ENOUGH_S)
