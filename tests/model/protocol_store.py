"""A repository in memory: content-addressed commits and entries, references, compare-and-swap, crashes.

Only what git does stands here.  Which change may merge, what a stop means, which verdict counts: all that is
asked of the product's own rules, as the local forge asks them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from protocol_objects import COMMITS, Refs, change_at, commit, entry_after, loosens, tree

from alphaloop.errors import Stale
from alphaloop.facts.change import LIMITS, Change, Scaling
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge import standing
from alphaloop.forge.landing import LANDING
from alphaloop.ports import Merged, NotMerged
from alphaloop.rules.entries import marks


class Killed(Exception):
    """The process was killed right after a write."""


@dataclass
class Store:
    """The ports `Forge` and `Ledger` over one state; `before` is told of each write, and may kill.

    numbers: pull request → the entry that allocated it is not kept; a branch is its place in `heads`.
    """

    refs: Refs
    authors: Mapping[int, str]
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    spent: list[str] = field(default_factory=list)

    # The ledger.

    def entries(self) -> tuple[Entry, ...]:
        return self.refs.entries

    def append(self, draft: Draft, signer: str, onto: str = "") -> Entry:
        self.before()
        standing_ = next((one for one in self.refs.entries if one.key == draft.key), None)
        if standing_ is not None:
            return standing_
        if onto and onto != self.refs.entries[-1].commit:
            raise Stale("the ledger went on")
        entry = entry_after(self.refs.entries, draft, signer)
        self.refs = self.refs._replace(entries=(*self.refs.entries, entry))
        self.after()
        return entry

    def render(self, pages: Mapping[str, str], signer: str) -> None:
        """Pages are no part of the model: nothing reads them."""

    # The forge.

    def main(self) -> str:
        return self.refs.main

    def tree(self, identity: str) -> str:
        return tree(identity)

    def file(self, identity: str, path: str) -> bytes:
        return dict(COMMITS[identity].files)[path].encode()

    def files(self, identity: str) -> Mapping[str, str]:
        return dict(COMMITS[identity].files)

    def numbers(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.refs.heads) + 1))

    def change(self, number: int) -> Change:
        ended = next((one for one in self.refs.entries if _ends(one, number)), None)
        head = self.refs.heads[number - 1] if ended is None else str(ended.body["head"])
        base = self.refs.main if ended is None else str(ended.body["base"])
        return change_at(number, self.authors[number], head, base)

    def scaling(self, number: int, base: str, head: str, at: int | None = None) -> Scaling | str:
        return change_at(number, self.authors[number], head, base).scaling or "it is none"

    def conversation(self, number: int) -> tuple[()]:
        return ()

    def comment(self, number: int, author: str, text: str, key: str) -> None:
        """Comments are no part of the model: nothing reads them."""

    def open(self, author: str, title: str, body: str, files: Mapping[str, bytes], key: str) -> Change:
        texts = {path: content.decode() for path, content in files.items()}
        head = commit({**self.files(self.refs.main), **texts}, (self.refs.main,), author)
        self.refs = self.refs._replace(heads=(*self.refs.heads, head))
        self.authors = {**self.authors, len(self.refs.heads): author}
        return self.change(len(self.refs.heads))

    def close(self, number: int, author: str, why: str, key: str) -> None:
        change = self.change(number)
        body = {"change": number, "head": change.head, "base": change.base, "why": why, "event": key}
        self.append(Draft(Kind.CLOSED, f"closed:{key}", f"closed {number}", body), author)

    def merge(self, change: Change, decision: Decision, seat: str, release: Draft) -> Merged | NotMerged:
        self.recover()
        done = self._landed(release.key)
        if done is not None:
            return done
        read = self.refs
        refused = standing.objection(change, decision, seat, read.entries)
        if refused is not None:
            return refused
        now = self.change(change.number)
        if marks.is_closed(read.entries, change.number) or now != change or not now.based:
            return NotMerged("stale", "it is not what was judged")
        made = commit(dict(COMMITS[change.head].files), (change.base, change.head), seat)
        facts = {"how": "merge", "change": change.number, "head": change.head}
        return self._land(read, release, seat, made, facts, {"number": change.number, "head": change.head})

    def restore(self, paths: Iterable[str], source: str, seat: str, release: Draft) -> Merged | NotMerged:
        self.recover()
        done = self._landed(release.key)
        if done is not None:
            return done
        read = self.refs
        wanted = dict(COMMITS[source].files)
        if LIMITS in paths and loosens(source, read.main):
            return NotMerged("blocked", "it loosens a limit")
        files = {path: text for path, text in COMMITS[read.main].files if path not in set(paths)}
        files |= {path: wanted[path] for path in paths if path in wanted}
        made = commit(files, (read.main,), seat)
        facts = {"how": "restore", "paths": sorted(paths), "source": source}
        return self._land(read, release, seat, made, facts, {})

    def vouch(self) -> None:
        """Whether main is answered for is checked by the tests themselves, on every state."""

    def recover(self) -> str:
        """Roll forward to the landing that the ledger records last, as a killed merge left it."""
        landing = _last_landing(self.refs.entries)
        if landing is not None and self.refs.main == landing["base"] != landing["commit"]:
            self._point(landing["commit"])
            return "finished a landing"
        return ""

    # What people and thieves do with git itself.

    def push(self, number: int, identity: str) -> None:
        heads = list(self.refs.heads)
        heads[number - 1] = identity
        self.refs = self.refs._replace(heads=tuple(heads))

    def by_hand(self, identity: str) -> None:
        self.refs = self.refs._replace(main=identity)

    def _land(
        self,
        read: Refs,
        release: Draft,
        seat: str,
        made: str,
        facts: Mapping[str, Any],
        unmoved: Mapping[str, Any],
    ) -> Merged | NotMerged:
        """Ledger first, main last, if ledger, main and branch are what was read: one atomic comparison."""
        self.before()
        moved = read.entries[-1].commit != self.refs.entries[-1].commit or read.main != self.refs.main
        if moved or (unmoved and self.refs.heads[unmoved["number"] - 1] != unmoved["head"]):
            return NotMerged("stale", "something moved meanwhile")
        landing = {"commit": made, "base": read.main, **facts}
        draft = Draft(release.kind, release.key, release.subject, {**release.body, LANDING: landing})
        entry = entry_after(self.refs.entries, draft, seat)
        self.refs = self.refs._replace(entries=(*self.refs.entries, entry))
        self.after()
        self._point(made)
        return Merged(made)

    def _point(self, made: str) -> None:
        self.refs = self.refs._replace(main=made)
        self.after()

    def _landed(self, key: str) -> Merged | None:
        entry = next((one for one in self.refs.entries if one.key == key), None)
        return None if entry is None else Merged(str(entry.body[LANDING]["commit"]))


def _ends(entry: Entry, number: int) -> bool:
    if entry.kind is Kind.CLOSED:
        return bool(entry.body["change"] == number)
    return entry.kind is Kind.RELEASE and entry.body["action"] == "merge" and entry.body["change"] == number


def _last_landing(entries: Iterable[Entry]) -> Mapping[str, Any] | None:
    found = [entry.body[LANDING] for entry in entries if entry.kind is Kind.RELEASE]
    return found[-1] if found else None
