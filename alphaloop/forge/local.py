"""The forge that lives in the repository itself: branches, pull requests and merges without any server."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge import landing, mainline, objects, opening, reading, recovery
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.merging import Merging, main_of
from alphaloop.forge.pull_requests import CLOSED, Conversations, Event, comment_verb
from alphaloop.ports import Merged, NotMerged, Said


class LocalForge:
    """The port `Forge` over one repository, and the keys and the ledger that go with it."""

    def __init__(self, folder: Path) -> None:
        self.git = Repository(folder)
        self.keys = KeyFolder(self.git.folders.private / "keys")
        self.ledger = LocalLedger(self.git, self.keys)
        self._talks = Conversations(self.git, self.keys, self.ledger)
        self._merging = Merging(self.git, self.keys, self.ledger, self._talks)

    def main(self) -> str:
        """The commit that main points at."""
        return main_of(self.git)

    def resolve(self, words: str) -> str | None:
        """The commit that a branch, tag or abbreviated id stands for, or None."""
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{words}^{{commit}}")
        status, out, _ = self.git.attempt(*asked)
        return None if status else out.decode().strip()

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

    def open(self, author: str, title: str, body: str, files: Mapping[str, bytes], key: str) -> Change:
        """Commit `files` on main as `author` and open a pull request; the same key opens it once."""
        entry = self.ledger.chain().keys.get(f"number:{key}")
        if entry is None:
            base = self.main()
            head = opening.head_commit(self.git, self.keys, author, f"{title}\n\n{body}", files, base)
            entry = self.ledger.append(opening.allocation(author, title, body, base, head, key), author)
        return self.change(opening.complete(self.git, self._talks, self.ledger, entry))

    def change(self, number: int) -> Change:
        """The pull request as it stands; every commit's signature is checked."""
        return reading.change_of(self.git, self.ledger, self._talks.events(number), self.main())

    def numbers(self) -> tuple[int, ...]:
        """Every pull request's number, oldest first."""
        return self._talks.numbers()

    def conversation(self, number: int) -> tuple[Said, ...]:
        """What was said and done, oldest first."""
        return tuple(event.said() for event in self._talks.events(number))

    def comment(self, number: int, author: str, text: str, key: str) -> None:
        """Add a comment; the same key adds nothing."""
        self._talks.add(self._event(number, comment_verb(author), author, text, key))

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
        landed = {record.commit for record in landing.landings(self.ledger)}
        mainline.vouch(self.git, self.ledger.chain(), landed)

    def shut(self) -> None:
        """End git's persistent processes."""
        self.git.close()

    def _event(self, number: int, verb: str, author: str, text: str, key: str) -> Event:
        change = self.change(number)
        title, branch = change.title, change.branch
        return Event(number, 0, "", verb, author, key, title, text, change.head, change.base, branch)
