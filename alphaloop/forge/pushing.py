"""New heads of a pull request: branch and conversation move together, or neither does."""

from collections.abc import Mapping

from alphaloop.errors import Misuse, Refused, RepositoryFailure, Stale, Untrusted
from alphaloop.facts.change import Change
from alphaloop.forge import opening, reading
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import PUSHED, Conversations, Event, ended, ref


class Pushing:
    """The verbs that move a pull request's branch; each may be said again with the same key."""

    def __init__(self, git: Repository, keys: KeyFolder, ledger: LocalLedger, talks: Conversations) -> None:
        self._git = git
        self._keys = keys
        self._ledger = ledger
        self._talks = talks

    def files(
        self, change: Change, author: str, files: Mapping[str, bytes | None], words: str, key: str
    ) -> None:
        """Commit `files` (None deletes) on top of the head of `change` as `author`."""
        if self._is_new(change, author, key):
            head = opening.head_commit(self._git, self._keys, author, words, files, change.head)
            self._move(change, author, head, words, key)

    def commits(self, change: Change, author: str, head: str, words: str, key: str) -> None:
        """Let `head`, which is there already, be the head of `change`; the one before stays reachable."""
        if self._is_new(change, author, key):
            self.refuse_unfit(head, change.base)
            if head == change.head:
                raise Misuse(f"{head[:12]} is the head of #{change.number} already, so nothing is pushed")
            self._move(change, author, head, words, key)

    def refuse_unfit(self, head: str, base: str) -> None:
        """Raise Refused unless `head` stands on `base`, and all commits between are signed by somebody."""
        if head == base or not self._git.descends(base, head):
            raise Refused(
                f"a change stands on main, and {head[:12]} is not a commit on top of {base[:12]}: "
                "`git rebase main` brings a branch up to it"
            )
        try:
            reading.touched(self._git, self._ledger.chain().verified_ring(), base, self._git.commit(head))
        except Untrusted as wrong:
            raise Refused(
                f"{wrong}; `git rebase --exec 'git commit --amend --no-edit -S' main` signs yours again"
            ) from wrong

    def _is_new(self, change: Change, author: str, key: str) -> bool:
        events = self._talks.events(change.number)
        if any((event.author, event.key) == (author, key) for event in events):
            return False
        end = ended(events)
        if end is not None:
            raise Refused(
                f"#{change.number} was {end.verb} by {end.author}, so nothing is pushed: open a new change"
            )
        return True

    def _move(self, change: Change, author: str, head: str, words: str, key: str) -> None:
        branch = f"refs/heads/{change.branch}"
        for _ in attempts(self._git, [branch, ref(change.number), LEDGER]):
            standing = self._git.ref(branch)
            if standing not in (change.head, None):
                raise Stale(
                    f"{change.branch} moved from {change.head[:12]} to {standing[:12]} meanwhile: look at "
                    "what came, then push again"
                )
            event = Event(
                change.number,
                0,
                "",
                PUSHED,
                author,
                key,
                change.title,
                words,
                head,
                change.base,
                change.branch,
            )
            # With a ledger that moved meanwhile the author's key may no longer be in force.
            tip = self._ledger.chain().tip
            said = self._talks.prepare(event, self._talks.events(change.number))
            if self._git.move([Move(branch, head, standing or NOTHING), said], {LEDGER: tip}):
                return
        raise RepositoryFailure(f"#{change.number} stayed busy: look for {branch}.lock, then run again")
