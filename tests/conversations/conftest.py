"""A desk of two people, and the stage on which a transcript is played."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from alphaloop.agents.answers import answer
from alphaloop.agents.clerk.hearing import heard
from alphaloop.agents.grounds import constitution_at
from alphaloop.doors.newborn import founded
from alphaloop.facts.change import Change
from alphaloop.facts.claim import Holds
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.mark import Mark
from alphaloop.facts.role import Seats
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.forge.founding import found
from alphaloop.ports import Desk
from alphaloop.rules.audit import audited
from alphaloop.rules.constitution.roles import SEATS
from alphaloop.rules.constitution.writing import with_humans
from alphaloop.wiring import desk_at

REPOSITORY = Path(__file__).resolve().parents[2]
PEOPLE = ("ann", "bob")
FIRST_DAY = date(2026, 3, 1)
MOVED = {"drafts": Mark.DRAFTED, "readies": Mark.READIED, "reopens": Mark.REOPENED}
STANCES = {
    "approves": Stance.APPROVE,
    "holds": Stance.HOLD,
    "vetoes": Stance.VETO,
    "abstains": Stance.ABSTAIN,
    "breaks": Stance.BROKEN,
}


@pytest.fixture(scope="session")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's and Bob's desk in the null world; Mallory has a key as well, and roles.yaml does not name her."""
    place = tmp_path_factory.mktemp("two-people")
    founded(place / "shipped", (), "null", "ann", lambda words: None)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=place / "shipped", check=True, capture_output=True, text=True, timeout=30
    )
    kept = [path for path in listed.stdout.split() if not path.startswith(("keys/", ".git"))]
    files = {path: (place / "shipped" / path).read_bytes() for path in kept}
    files["roles.yaml"] = with_humans((REPOSITORY / "roles.yaml").read_bytes(), PEOPLE)
    found(place / "desk", files, (*SEATS, "human:bob", "human:mallory"), "ann")
    return place / "desk"


class Stage:
    """One desk on which a transcript is played: directions are acted out, comments are heard."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.day = FIRST_DAY
        self.desk = replace(desk, today=lambda: self.day)
        self.folder = folder
        self.heads: list[str] = []
        self.files = 0

    def say(self, who: str, text: str, key: str) -> tuple[str, ...]:
        """What the desk answers, with names for the commits that differ from run to run."""
        return tuple(self.named(said) for said in heard(self.desk, 1, self.principal(who), text, key))

    def act(self, direction: str) -> None:
        """Act out one direction; an unknown one is a mistake of the transcript."""
        for pattern, done in _DIRECTIONS.items():
            match = re.fullmatch(pattern, direction)
            if match:
                done(self, *match.groups())
                return
        raise AssertionError(f"nobody knows how to act out {direction!r}")

    def meant(self, text: str) -> str:
        """A comment of the transcript, with the commits that it names."""
        for name, commit in self.commits().items():
            text = re.sub(rf"\{{{name}:(\d+)\}}", lambda m, c=commit: c[: int(m[1])], text)
            text = text.replace(f"{{{name}}}", commit[:12])
        return text

    def named(self, text: str) -> str:
        """An answer of the desk, with `{head}` and the like for the commits that it names."""
        for name, commit in self.commits().items():
            text = text.replace(commit, f"{{{name}:40}}").replace(commit[:12], f"{{{name}}}")
            text = re.sub(rf"'{commit[:7]}([0-9a-f]*)'", lambda m, n=name: f"'{{{n}:{len(m[1]) + 7}}}'", text)
        return text.strip("\n")

    def commits(self) -> dict[str, str]:
        """The commits by the names that they have on the stage."""
        change = self.desk.forge.change(1)
        names = {"head": change.head, "base": change.base, "main": self.desk.forge.main()}
        older = [head for head in self.heads if head != change.head]
        return {"old": older[-1], **names} if older else names

    def false(self) -> list[str]:
        """What of all that the ledger says does not follow from its entries."""
        desk = self.desk

        def seats_at(commit: str) -> Seats:
            return constitution_at(desk, commit).seats

        claims = audited(desk.ledger.entries(), seats_at, desk.forge.main(), lambda *signed: False)
        return [f"{claim.what}: {claim.words}" for claim in claims if claim.holds is Holds.FALSE]

    def principal(self, who: str) -> str:
        """`human:ann` for Ann, and a seat or a stranger by the name that it has."""
        return f"human:{who}" if who in (*PEOPLE, "mallory") else who

    def change(self) -> Change:
        """The one pull request of a transcript."""
        return self.desk.forge.change(1)


def _opens(stage: Stage, who: str, path: str) -> None:
    stage.desk.forge.open(stage.principal(who), f"change {path}", "", {path: _content(stage)}, "opened")
    stage.heads.append(stage.change().head)


def _pushes(stage: Stage, who: str, path: str) -> None:
    stage.files += 1
    files = {path: _content(stage)}
    stage.desk.forge.push(1, stage.principal(who), files, "Push", f"push:{stage.files}")
    stage.heads.append(stage.change().head)


def _says(stage: Stage, seat: str, stance: str, why: str | None) -> None:
    change = stage.change()
    severity = Severity.VETO if stance == "vetoes" else Severity.WARNING
    findings = (Finding("stage", severity, why),) if why else ()
    answer(stage.desk, Verdict(seat, 1, change.head, change.base, STANCES[stance], findings, "", "the stage"))


def _passes(stage: Stage, days: str) -> None:
    stage.day += timedelta(days=int(days))


def _goes_back(stage: Stage, days: str) -> None:
    stage.day -= timedelta(days=int(days))


def _marks(stage: Stage, who: str, verb: str) -> None:
    said = len(stage.desk.forge.conversation(1))
    stage.desk.forge.mark(1, stage.principal(who), MOVED[verb], f"mark:{said}")


def _main_moves(stage: Stage) -> None:
    note = stage.folder / "tests" / "test_by_hand.py"
    note.write_text("def test_nothing(): ...\n")
    for command in (["add", "--", "tests"], ["commit", "-qm", "By hand"]):
        subprocess.run(["git", *command], cwd=stage.folder, check=True, timeout=30)


def _content(stage: Stage) -> bytes:
    return b"def test_more_%d(): ...\n" % stage.files


_DIRECTIONS: dict[str, Callable[..., None]] = {
    r"(\w+) opens a change of (\S+)": _opens,
    r"(\w+) pushes (\S+)": _pushes,
    r"(\w+) (approves|holds|vetoes|abstains|breaks)(?:: (.+))?": _says,
    r"(\d+) days? pass(?:es)?": _passes,
    r"the clock goes back (\d+) days?": _goes_back,
    r"(\w+) (drafts|readies|reopens) it": _marks,
    r"main moves": _main_moves,
}


@pytest.fixture
def stage(two_people: Path, tmp_path: Path) -> Iterator[Stage]:
    """A stage of its own for one transcript."""
    with staged(two_people, tmp_path / "desk") as made:
        yield made


@contextmanager
def staged(two_people: Path, folder: Path) -> Iterator[Stage]:
    """A copy of the desk of two people, as a stage."""
    shutil.copytree(two_people, folder)
    with desk_at(folder, lambda words: None) as desk:
        yield Stage(desk, folder)
