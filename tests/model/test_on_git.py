"""The same events, in any order, on a real repository: what lands was approved at its very head and base."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from alphaloop.errors import AlphaLoopError
from alphaloop.facts.entry import Kind
from alphaloop.facts.role import Power, Seat, Seats
from alphaloop.facts.verdict import BINDING, Grounds, Stance, Verdict
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.ports import Merged
from alphaloop.rules import gate
from alphaloop.rules.entries import decisions, releases, stops, verdicts
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.stopped import stop_in_force

WHOLE = os.environ.get("ALPHALOOP_WHOLE_MODEL") == "1"
ANN = "human:ann"
NOTES = "notes/a.md"
FILES = {"strategy.py": b"HALF = 1\n", NOTES: b"first\n"}
SEATS = Seats(
    (
        Seat("quant", "", ("notes/*",), (), frozenset({Power.PROPOSE})),
        Seat("risk", "", (), ("notes/*",), frozenset({Power.VETO, Power.REVIEW})),
        Seat("sre", "", (), (), frozenset({Power.MERGE})),
    ),
    ("ann",),
    3,
)
numbers = st.integers(1, 2)


@cache
def _founded() -> Path:
    """A desk with two open changes, founded once and copied for every history."""
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    folder = Path(place.name) / "desk"
    found(folder, FILES, ("quant", "risk", "sre"), "ann")
    forge = LocalForge(folder)
    for number in (1, 2):
        text = f"idea {number}\n".encode()
        forge.open("quant", f"idea {number}", "", {NOTES: text}, f"k{number}")
    forge.shut()
    return folder


class Desk(RuleBasedStateMachine):
    """Two changes of one file, three seats and Ann."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        folder = Path(self.place.name) / "desk"
        shutil.copytree(_founded(), folder)
        self.forge = LocalForge(folder)
        self.mains = [self.forge.main()]
        self.known: tuple[str, ...] = ()

    def teardown(self) -> None:
        self.forge.shut()
        self.place.cleanup()

    @rule(number=numbers, text=st.sampled_from([b"again\n", b"and again\n"]))
    def push(self, number: int, text: bytes) -> None:
        try:
            self.forge.push(number, "quant", {NOTES: text}, "again", f"push:{number}:{text.decode()}")
        except AlphaLoopError:
            # It has ended, or the push changes nothing.
            return

    @rule(
        number=numbers,
        who=st.sampled_from(["risk", ANN]),
        stance=st.sampled_from([Stance.APPROVE, Stance.APPROVE, Stance.HOLD, Stance.VETO, Stance.ABSTAIN]),
    )
    def answer(self, number: int, who: str, stance: Stance) -> None:
        change, entries = self.forge.change(number), self.forge.ledger.entries()
        bound = dict.fromkeys(BINDING, "x") | {"judged_by": change.base}
        grounds = Grounds(genesis_id(entries), change.head_tree, None, "", bound)
        said = Verdict(who, number, change.head, change.base, stance, (), "", "", grounds)
        self.forge.ledger.append(verdicts.verdict(entries, said), who)

    @rule(number=numbers)
    def approve_and_merge(self, number: int) -> None:
        self.answer(number, "risk", Stance.APPROVE)
        self.decide_and_merge(number, late=False)

    @rule(number=numbers, late=st.booleans())
    def decide_and_merge(self, number: int, late: bool) -> None:
        """The gate decides; then SRE merges at once, or after Ann vetoed."""
        change, entries = self.forge.change(number), self.forge.ledger.entries()
        made = gate.decided(entries, change, SEATS)
        self.forge.ledger.append(decisions.decision(entries, made, change), "sre")
        if late:
            self.answer(number, ANN, Stance.VETO)
        shadow = releases.confirmed_commit(entries)
        landed = self.forge.merge(change, made, "sre", releases.release(change, shadow))
        assert not (late and isinstance(landed, Merged) and self.forge.main() != self.mains[-1])

    @rule()
    def stop(self) -> None:
        self.forge.ledger.append(stops.stop(self.forge.ledger.entries(), "quant", ""), "quant")

    @precondition(lambda self: stop_in_force(self.forge.ledger.entries()) is not None)
    @rule(who=st.sampled_from(["sre", ANN]))
    def resume(self, who: str) -> None:
        standing = stop_in_force(self.forge.ledger.entries())
        if standing is not None:
            self.forge.ledger.append(stops.resume(standing, who), who)

    @rule(number=numbers)
    def close(self, number: int) -> None:
        try:
            self.forge.close(number, ANN, "enough", f"close:{number}")
        except AlphaLoopError:
            return

    @rule()
    def start_again(self) -> None:
        """The process ends, and another one finds what it left."""
        root = self.forge.git.folders.root
        self.forge.shut()
        self.forge = LocalForge(root)
        self.forge.recover()

    @invariant()
    def main_only_moves_forward_and_the_ledger_only_grows(self) -> None:
        main = self.forge.main()
        assert self.forge.git.descends(self.mains[-1], main)
        self.mains.append(main)
        commits = tuple(entry.commit for entry in self.forge.ledger.entries())
        assert commits[: len(self.known)] == self.known
        self.known = commits
        self.forge.vouch()

    @invariant()
    def what_landed_was_approved_there_and_nobody_objected(self) -> None:
        entries = self.forge.ledger.entries()
        for entry in entries:
            if entry.kind is Kind.RELEASE:
                self._lawful(entries[: entry.number], entry.body)

    def _lawful(self, before, landed) -> None:
        here = {name: landed[name] for name in ("change", "head", "base")}
        said = [one for one in before if one.kind is Kind.VERDICT and one.body["change"] == here["change"]]
        risks = [one.body for one in said if one.signer == "risk"]
        on_this = [one["stance"] for one in risks if here.items() <= one.items()]
        assert "approve" in on_this
        assert not {"hold", "veto"} & set(on_this)
        anns = [one.body["stance"] for one in said if one.signer == ANN]
        assert not anns or anns[-1] not in ("hold", "veto")
        humans = [one for one in before if one.kind is Kind.RESUME and one.signer == ANN]
        assert sum(one.kind is Kind.STOP for one in before) <= len(humans)
        assert self.forge.tree(landed["landing"]["commit"]) == landed["head_tree"]
        assert not [one for one in before if one.kind is Kind.CLOSED and one.body["change"] == here["change"]]


Desk.TestCase.settings = settings(
    max_examples=200 if WHOLE else 3,
    stateful_step_count=20 if WHOLE else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestEventsOnGit = Desk.TestCase
