"""The six commands of the local forge that write, each on a desk that waits for it, and what each adds.

A standalone helper of `sweep.py`: `python commands.py NAME FOLDER` says one command and prints its answer.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.ports import Merged
from alphaloop.rules.entries import decisions

FILES = {
    "strategy.py": b"HALF = 1\n",
    "execution.py": b"KIND = 'post'\n",
    "tests/test_it.py": b"def test(): ...\n",
}
BETTER = {"strategy.py": b"HALF = 2\n", "docs/why.txt": b"It pays.\n"}
NEXT = {"strategy.py": b"HALF = 3\n"}


class Command(NamedTuple):
    """A command, the desk it starts from, and what it adds to ledger and conversation 1."""

    say: Callable[[LocalForge], str]
    merged: bool
    entries: tuple[str, ...]
    events: tuple[str, ...]


def append(forge: LocalForge) -> str:
    """An entry of the ledger."""
    return forge.ledger.append(
        Draft(Kind.LESSON, "lesson:1", "wider pays", {"words": "it does"}), "quant"
    ).commit


def event(forge: LocalForge) -> str:
    """A comment on a pull request."""
    forge.comment(1, "human:ann", "Go on.", "comment:2")
    return next(said.commit for said in forge.conversation(1) if said.text == "Go on.")


def opened(forge: LocalForge) -> str:
    """A pull request."""
    return forge.open("quant", "Narrow", "It pays more.", NEXT, "turn:2").head


def merge(forge: LocalForge) -> str:
    """The merge of an approved change."""
    decision = _decided(forge)
    change = forge.change(1)
    answer = forge.merge(change, decision, "sre", Draft(Kind.RELEASE, "release:1", "release #1", {}))
    return _landed(answer)


def restore(forge: LocalForge) -> str:
    """A rollback of that merge."""
    founding = str(forge.ledger.entries()[0].body["founding"])
    back = Draft(Kind.RELEASE, "back:1", "roll back #1", {"x": 1})
    return _landed(forge.restore(["strategy.py", "docs/why.txt"], founding, "sre", back))


def close(forge: LocalForge) -> str:
    """The closing of a pull request."""
    forge.close(1, "quant", "no longer wanted", "close:1")
    return forge.ledger.chain().keys["closed:close:1"].commit


COMMANDS: Mapping[str, Command] = {
    "append": Command(append, False, ("lesson:1",), ()),
    "event": Command(event, False, (), ("comment:2",)),
    "open": Command(opened, False, ("number:turn:2",), ()),
    "merge": Command(merge, False, ("release:1",), ("merged:release:1",)),
    "restore": Command(restore, True, ("back:1",), ()),
    "close": Command(close, False, ("closed:close:1",), ("close:1",)),
}


def prepared(name: str, folder: Path) -> Path:
    """A desk on which the command is next: a change that everybody approves, merged for a rollback."""
    found(folder, FILES, ("quant", "risk", "sre"), "ann")
    forge = LocalForge(folder)
    try:
        change = forge.open("quant", "Widen", "It pays.", BETTER, "turn:1")
        decision = Decision(1, change.head, change.base, Stance.APPROVE, ())
        forge.ledger.append(decisions.decision(forge.ledger.entries(), decision, change), "risk")
        forge.comment(1, "risk", "No objection.", "comment:1")
        if COMMANDS[name].merged:
            merge(forge)
    finally:
        forge.shut()
    return folder


def _decided(forge: LocalForge) -> Decision:
    entry = next(entry for entry in forge.ledger.entries() if entry.kind is Kind.DECISION)
    return decisions.decision_of(entry)


def _landed(answer: object) -> str:
    if not isinstance(answer, Merged):
        raise SystemExit(f"not merged: {answer}")
    return answer.commit


if __name__ == "__main__":
    desk = LocalForge(Path(sys.argv[2]))
    sys.stdout.write(COMMANDS[sys.argv[1]].say(desk))
    desk.shut()
