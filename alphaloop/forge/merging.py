"""Merging and restoring: the two ways in which main moves."""

from collections.abc import Iterable, Sequence

from alphaloop.errors import Misuse
from alphaloop.facts.change import LIMITS, Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge import landing, objects, reading, recovery, standing
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import signers
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.landing import Craft
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import MERGED, Conversations, Event, ended, ref
from alphaloop.forge.scaling import loosening
from alphaloop.ports import Merged, NotMerged


class Merging:
    """The verbs that move main; each may be said again after a kill."""

    def __init__(self, git: Repository, keys: KeyFolder, ledger: LocalLedger, talks: Conversations) -> None:
        self._git = git
        self._keys = keys
        self._ledger = ledger
        self._talks = talks

    def merge(self, change: Change, decision: Decision, seat: str, release: Draft) -> Merged | NotMerged:
        """Move ledger, pull request and main at once, if all are still what the decision read."""
        _check_draft(release)
        _check_bound(release, change)
        for _ in attempts(self._git, self._refs(change)):
            done = self._done(release)
            if done is not None:
                return done
            entries = self._ledger.entries()
            refusal = self._refusal(change, decision, seat, entries)
            if refusal is not None:
                # What refuses may be that a twin landed this very release meanwhile.
                return self._done(release) or refusal
            result = self._merge_once(change, seat, release, entries[-1].commit)
            if result is not None:
                return result
        return NotMerged(
            "stale", "the references stayed busy: look for a `.lock` below .git/refs, then merge again"
        )

    def restore(self, paths: Iterable[str], commit: str, seat: str, release: Draft) -> Merged | NotMerged:
        """Move main to a new commit whose `paths` are those of `commit`, gone where they were not there."""
        _check_draft(release)
        wanted = {path: self._git.node(commit, path) for path in paths}
        for _ in attempts(self._git, (LEDGER, reading.MAIN)):
            done = self._done(release)
            if done is not None:
                return done
            tip = self._ledger.chain().tip
            main = main_of(self._git)
            looser = loosening(self._git, wanted, commit, main)
            if looser:
                said = f"{LIMITS} of {commit[:12]} loosens {', '.join(looser)}"
                return NotMerged("blocked", f"{said}, which a human alone does: by a change of their own")
            root, trees = objects.graft(self._git.nodes, self._git.commit(main).tree, wanted)
            words = f"{release.subject}\n\nRestores {', '.join(sorted(wanted))} of {commit}."
            facts = {"paths": sorted(wanted), "source": commit}
            craft = Craft(landing.RESTORE, tip, root, (main,), words, tuple(trees), facts)
            result = landing.land(self._git, self._keys, self._ledger, craft, release, seat)
            if result is not None:
                return result
        return NotMerged(
            "stale", "the references stayed busy: look for a `.lock` below .git/refs, then run again"
        )

    def _merge_once(self, change: Change, seat: str, release: Draft, tip: str) -> Merged | NotMerged | None:
        words = f"Merge #{change.number}: {change.title}\n\n{release.subject}"
        before = self._talks.events(change.number)
        facts = {"change": change.number, "head": change.head, "talk": before[-1].commit}
        craft = Craft(landing.MERGE, tip, change.head_tree, (change.base, change.head), words, (), facts)
        said = self._talks.prepare(merged_event(change, seat, release.key, release.subject), before)
        branch = f"refs/heads/{change.branch}"
        return landing.land(
            self._git, self._keys, self._ledger, craft, release, seat, (said,), {branch: change.head}
        )

    def _done(self, release: Draft) -> Merged | None:
        recovery.roll_forward(self._git, self._ledger)
        # One look only: between two of them a twin may land it.
        entry = self._ledger.chain().keys.get(release.key)
        if entry is None:
            return None
        if entry.kind is not Kind.RELEASE:
            raise Misuse(
                f"the ledger key {release.key!r} belongs to an entry that is no landing: use another key"
            )
        return Merged(landing.of((entry,))[0].commit)

    def _refusal(
        self, change: Change, decision: Decision, seat: str, entries: Sequence[Entry]
    ) -> NotMerged | None:
        refused = standing.objection(change, decision, seat, entries)
        if refused is not None:
            return refused
        events = self._talks.events(change.number)
        end = ended(events)
        if end is not None:
            return NotMerged("blocked", f"#{change.number} was {end.verb} by {end.author}: open a new change")
        # Reading it again checks every signature again, and nothing that the caller holds is trusted.
        return self._unfit(change, reading.change_of(self._git, self._ledger, events, main_of(self._git)))

    def _unfit(self, change: Change, now: Change) -> NotMerged | None:
        if now.base != change.base:
            return NotMerged(
                "stale", f"main moved from {change.base[:12]} to {now.base[:12]}: judge it again"
            )
        if now != change:
            return NotMerged(
                "stale", f"{change.branch} is now {now.head[:12]}, not what was judged: judge it again"
            )
        if not now.based:
            return NotMerged(
                "conflict", f"{change.branch} does not stand on main: bring it up to date, judge again"
            )
        return self._other_keys(change)

    def _other_keys(self, change: Change) -> NotMerged | None:
        """The tracked list of keys follows the ledger; whoever edits it any other way would mislead git."""
        standing = self._git.node(change.head, signers.PATH)
        if standing == self._git.node(change.base, signers.PATH):
            return None
        wanted = signers.written(self._ledger.chain().verified_ring()).encode()
        if standing is not None and self._git.blob(standing.id) == wanted:
            return None
        words = f"#{change.number} changes {signers.PATH} to something else than the keys in force"
        return NotMerged("blocked", f"{words}: `alphaloop keys` changes keys, and prints that file")

    def _refs(self, change: Change) -> tuple[str, ...]:
        return (LEDGER, ref(change.number), f"refs/heads/{change.branch}", reading.MAIN)


def main_of(git: Repository) -> str:
    """The commit that main points at; raises Misuse without one."""
    main = git.ref(reading.MAIN)
    if main is None:
        raise Misuse(f"{git.folders.root} has no branch main: make a repository with `alphaloop init`")
    return main


def merged_event(change: Change, seat: str, key: str, words: str) -> Event:
    """What the pull request says of its merge."""
    return Event(
        change.number,
        0,
        "",
        MERGED,
        seat,
        f"merged:{key}",
        change.title,
        words,
        change.head,
        change.base,
        change.branch,
    )


def _check_bound(release: Draft, change: Change) -> None:
    facts = {"change": change.number, "head": change.head, "base": change.base}
    for name, value in facts.items():
        if release.body.get(name, value) != value:
            raise Misuse(
                f"the release speaks of {name} {release.body[name]!r}, not {value!r}: mend the draft"
            )


def _check_draft(release: Draft) -> None:
    if release.kind is not Kind.RELEASE:
        raise Misuse(f"a {release.kind} entry cannot move main: use a release")
