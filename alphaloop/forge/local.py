"""The forge that lives in the repository itself: branches, pull requests and merges without any server."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from alphaloop.errors import Misuse, Refused
from alphaloop.facts.change import Change, Scaling
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.mark import Mark
from alphaloop.forge import commits, landing, mainline, objects, opening, reading, recovery
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.merging import Merging, main_of
from alphaloop.forge.pull_requests import (
    CHECKED,
    CLOSED,
    LABELLED,
    MARKED,
    UNLABELLED,
    Conversations,
    Event,
    comment_verb,
)
from alphaloop.forge.pushing import Pushing
from alphaloop.forge.scaling import scaling_or_why
from alphaloop.forge.statements.record import one_line
from alphaloop.ports import Merged, NotMerged, Said
from alphaloop.rules.entries.marks import is_closed, is_draft, mark
from alphaloop.rules.lawful import answered_for
from alphaloop.rules.life import over, release_entry

OUTCOMES = ("passed", "failed")
_ABBREVIATED = re.compile(r"[0-9a-f]{4,40}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,49}")


class LocalForge:
    """The port `Forge` over one repository, and the keys and the ledger that go with it."""

    def __init__(self, folder: Path) -> None:
        self.git = Repository(folder)
        self.keys = KeyFolder(self.git.folders.private / "keys")
        self.ledger = LocalLedger(self.git, self.keys)
        self._talks = Conversations(self.git, self.keys, self.ledger)
        self._merging = Merging(self.git, self.keys, self.ledger, self._talks)
        self._pushing = Pushing(self.git, self.keys, self.ledger, self._talks)

    def main(self) -> str:
        """The commit that main points at."""
        return main_of(self.git)

    def resolve(self, words: str) -> str | None:
        """The commit that an abbreviated id, branch or tag stands for, or None.

        Whoever may push can name a branch like a commit, and a tag like a branch: first what nobody can name.
        """
        if _ABBREVIATED.fullmatch(words):
            commits = [one for one in self._beginning(words) if self.git.read(one).kind == "commit"]
            if commits:
                return commits[0] if len(commits) == 1 else None
        for name in (f"refs/heads/{words}", words):
            asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            status, out, _ = self.git.attempt(*asked)
            if status == 0:
                return out.decode().strip()
        return None

    def _beginning(self, digits: str) -> list[str]:
        """Every object whose id begins so."""
        return self.git.run("rev-parse", f"--disambiguate={digits}").decode().split()

    def branch(self, name: str) -> str | None:
        """The commit of the local branch `name`, or None; raises Misuse for what is no plain branch name."""
        return self.git.ref(f"refs/heads/{name}")

    def tree(self, commit: str) -> str:
        """The tree of `commit`."""
        return self.git.commit(commit).tree

    def file(self, commit: str, path: str) -> bytes:
        """The blob at `path` in `commit`."""
        return self.git.file(commit, path)

    def files(self, commit: str) -> Mapping[str, str]:
        """Every regular file of `commit`: path → blob id."""
        tree = self.git.commit(commit).tree
        return {
            path: node.id for path, node in objects.flat(self.git.nodes, tree) if node.mode.startswith("100")
        }

    def open(self, author: str, title: str, body: str, files: Mapping[str, bytes | None], key: str) -> Change:
        """Commit `files` on main as `author` and open a pull request; the same key opens it once."""
        entry = self._opened(author, key)
        if entry is None:
            base, said = self.main(), f"{one_line(title)}\n\n{body}"
            head = opening.head_commit(self.git, self.keys, author, said, files, base)
            entry = self.ledger.append(opening.allocation(author, title, body, base, head, key), author)
        return self.change(opening.complete(self.git, self._talks, self.ledger, entry))

    def bring(self, author: str, title: str, body: str, head: str, key: str) -> Change:
        """Open a pull request of commits that are there already; raises Refused for unsigned ones."""
        entry = self._opened(author, key)
        if entry is None:
            base = self.main()
            self._pushing.refuse_unfit(head, base)
            entry = self.ledger.append(opening.allocation(author, title, body, base, head, key), author)
        return self.change(opening.complete(self.git, self._talks, self.ledger, entry))

    def push(
        self, number: int, author: str, files: Mapping[str, bytes | None], words: str, key: str
    ) -> Change:
        """Commit `files` on top of a pull request's head as `author`; the same key pushes once."""
        self._pushing.files(self.change(number), author, files, words, key)
        return self.change(number)

    def push_commits(self, number: int, author: str, head: str, words: str, key: str) -> Change:
        """Let commits that are there already be a pull request's; the same key pushes once."""
        self._pushing.commits(self.change(number), author, head, words, key)
        return self.change(number)

    def change(self, number: int) -> Change:
        """The pull request as it stands; every commit's signature is checked."""
        return reading.change_of(self.git, self.ledger, self._talks.events(number), self.main())

    def scaling(self, number: int, base: str, head: str, at: int | None = None) -> Scaling | str:
        """What the pull request's commits from `base` to `head` scale, or why they are no scaling."""
        chain = self.ledger.chain()
        ring = chain.verified_ring() if at is None else chain.ring_at(at)
        opened = reading.allocated(self.ledger).get(number)
        author = "" if opened is None else opened.signer
        touched = reading.touched(self.git, ring, base, self.git.commit(head), commits.committer_or_nobody)
        return scaling_or_why(self.git, ring, author, base, head, touched)

    def numbers(self) -> tuple[int, ...]:
        """Every pull request's number, oldest first; one that the ledger never gave out is none."""
        given = reading.allocated(self.ledger)
        return tuple(number for number in self._talks.numbers() if number in given)

    def conversation(self, number: int) -> tuple[Said, ...]:
        """What was said and done, oldest first."""
        return tuple(event.said() for event in self._talks.events(number))

    def comment(self, number: int, author: str, text: str, key: str) -> None:
        """Add a comment; the same key adds nothing."""
        self._talks.add(self._event(number, comment_verb(author), author, text, key))

    def label(self, number: int, author: str, name: str, key: str, *, on: bool = True) -> None:
        """Put a label on a pull request, or take it off."""
        verb = LABELLED if on else UNLABELLED
        self._talks.add(self._event(number, verb, author, _named(name, "a label"), key))

    def check(self, number: int, author: str, name: str, outcome: str, words: str, key: str) -> None:
        """Say how a check of the head went; for people, and never an input of the gate."""
        if outcome not in OUTCOMES:
            raise Misuse(f"a check {' or '.join(OUTCOMES)}, and not {outcome[:40]!r}: say one of these")
        said = f"{_named(name, 'a check')} {outcome}{f': {words}' if words else ''}"
        self._talks.add(self._event(number, CHECKED, author, said, key))

    def mark(self, number: int, author: str, done: Mark, key: str) -> None:
        """Make a pull request a draft, make it ready, or reopen it: first in the ledger."""
        entries = self.ledger.entries()
        if f"mark:{key}" not in self.ledger.chain().keys:
            _refuse_mark(entries, number, done)
        event = self._event(number, done, author, MARKED[done], key)
        self.ledger.append(mark(number, done, event.head, event.base, key), author)
        self._talks.add(event)

    def close(self, number: int, author: str, why: str, key: str) -> None:
        """Close a pull request: first in the ledger, so that a merge in flight loses to it."""
        event = self._event(number, CLOSED, author, why, key)
        body = {"change": number, "head": event.head, "base": event.base, "why": why, "event": key}
        self.ledger.append(
            Draft(Kind.CLOSED, f"closed:{key}", f"{author} closes #{number}: {why}", body), author
        )
        self._talks.add(event)

    def merge(self, change: Change, decision: Decision, seat: str, release: Draft) -> Merged | NotMerged:
        """Move ledger and main at once, if base, head and ledger are what the decision read."""
        return self._merging.merge(change, decision, seat, release)

    def restore(self, paths: Iterable[str], commit: str, seat: str, release: Draft) -> Merged | NotMerged:
        """Set `paths` on main back to what they were in `commit`."""
        return self._merging.restore(paths, commit, seat, release)

    def recover(self) -> str:
        """Finish what a killed run left behind."""
        return recovery.recover(self.git, self.keys, self.ledger, self._talks)

    def vouch(self) -> None:
        """Raise Untrusted unless the ledger or a human's signature answers for every commit on main."""
        chain, records = self.ledger.chain(), landing.landings(self.ledger)
        mainline.vouch(self.git, chain, {record.commit for record in records})
        # Whoever resumed after a stop has answered for what had landed by then.
        answered = answered_for(chain.entries)
        for record in records:
            if record.entry.number > answered:
                mainline.check_landing(self.git, chain, record)

    def shut(self) -> None:
        """End git's persistent processes."""
        self.git.close()

    def _opened(self, author: str, key: str) -> Entry | None:
        """The entry by which `author` opened a pull request under this key, None while they have not."""
        entry = self.ledger.chain().keys.get(f"number:{key}")
        if entry is not None and entry.signer != author:
            raise Refused(
                f"{entry.signer} opened a pull request under the key {key!r}, by which {author} would open "
                "theirs: find out why, and use another key"
            )
        return entry

    def _event(self, number: int, verb: str, author: str, text: str, key: str) -> Event:
        events = self._talks.events(number)
        head, base = reading.ends_of(self.git, events, self.main())
        opened = events[0]
        return Event(number, 0, "", verb, author, key, opened.title, text, head, base, opened.branch)


def _named(name: str, what: str) -> str:
    """`name` itself; raises Misuse for what could be read as another name, or as markup."""
    if not _NAME.fullmatch(name):
        raise Misuse(
            f"{name[:60]!r} names no label or check: {what} has 1 to 50 letters, digits, ' ', '.', '_', "
            "'/' and '-', and begins with a letter or a digit"
        )
    return name


def _refuse_mark(entries: Sequence[Entry], number: int, done: Mark) -> None:
    if done is not Mark.REOPENED:
        if over(entries, number):
            raise Refused(f"#{number} is merged or closed, so it is neither a draft nor ready")
        if is_draft(entries, number) == (done is Mark.DRAFTED):
            raise Refused(f"#{number} is {MARKED[done]} already")
    elif release_entry(entries, number) is not None:
        raise Refused(
            f"#{number} is merged, and nothing reopens that: `alphaloop pr revert {number}` undoes it"
        )
    elif not is_closed(entries, number):
        raise Refused(f"#{number} is open, so there is nothing to reopen")
