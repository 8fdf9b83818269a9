"""Whoever holds some seats' keys and may push: what such a thief writes, and what an honest desk makes of it.

The thief knows the program. It can sign whatever its seats sign, push any commit of theirs to any branch and
to main, and write entries past every rule of the forge, changes of keys among them: whose key it has changed
to one of its own it signs for too. All other seats are honest, and of those Risk alone sees that a file is
evil: the rest approve whatever is asked of them.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

import protocol_world
from protocol_objects import COMMITS, STRATEGY, commit, entry_after, tree
from protocol_people import person
from protocol_world import ALICE, BOUND, SCALES, Scenario, World, advance, better, founded, unlocked_here

from alphaloop.agents import sre
from alphaloop.errors import AlphaLoopError, Untrusted
from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.key import KeyChange
from alphaloop.facts.role import HUMAN, is_human
from alphaloop.facts.verdict import Grounds, Stance, Verdict
from alphaloop.forge.keys import turnover
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.signature import public_line
from alphaloop.rules.budget import next_level, promotions
from alphaloop.rules.entries import decisions, evidence, marks, opened, releases, stops, verdicts
from alphaloop.rules.entries.decisions import decided_change
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.keys import key_change_of, key_changed
from alphaloop.rules.entries.releases import is_merge
from alphaloop.rules.pilots import with_earlier
from alphaloop.rules.stopped import stop_in_force

EVIL = "evil"
REKEYING = 4
"""Each so many histories begin with a change of keys, and nothing else does: where it counts, all is lost."""
PATHS = (STRATEGY, "risk.py", "execution.py", "roles.yaml")
STORY = Scenario("a theft", (("quant", STRATEGY, "other"),), ())
PATIENCE = 8

Attack = Callable[[World, "Thief", str], object]


def stolen(keys: Sequence[str], seed: int) -> str:
    """What a thief with these keys achieves in one history, "" for nothing that an honest desk accepts."""
    chance = random.Random(f"{seed} {' '.join(keys)}")
    thief = Thief(chance, [*keys], chance.choice((1, 2)))
    world, plan = World(STORY, founded(STORY)), [*_plan(chance)]
    if seed % REKEYING == REKEYING - 1:
        plan = [_rekey, *chance.choice(([_onto_main], plan))]
    stopped = chance.random() < 0.2
    while plan:
        if chance.random() < 0.25:
            _honest(world)
            continue
        _attack(world, thief, plan.pop(0))
        if stopped and len(plan) == 1 and stop_in_force(world.store.entries()) is None:
            person(world, "stop")
    for _ in range(PATIENCE):
        won = _won(world)
        if won:
            return won
        _honest(world)
    return ""


def _plan(chance: random.Random) -> Sequence["Attack"]:
    """What a thief tries, in order: a few acts, or a head of its own with words, a decision and a landing."""
    if chance.random() < 0.3:
        return chance.choices(_ATTACKS, k=chance.randint(1, 5))
    odds = ((_approve, 0.8), (_decide, 0.4), (_land, 0.3), (_confirm, 0.3))
    scheme = [act for act, often in odds if chance.random() < often]
    return [chance.choice((_push, _open)), *scheme]


def _honest(world: World) -> None:
    """One step of the honest desk, which refuses what it cannot answer for."""
    evil = any(EVIL in text for number in world.store.numbers() for text in _texts(world, number))
    try:
        vouch(world)
        advance(world, "a", "veto" if evil and unlocked_here(world) == "review" else "approve")
    except AlphaLoopError:
        return


def _texts(world: World, number: int) -> Sequence[str]:
    return [text for _, text in COMMITS[world.store.refs.heads[number - 1]].files]


def _won(world: World) -> str:
    """Whether evil is on main, or a stop is lifted, and the honest desk goes on with it."""
    try:
        vouch(world)
        sre.stop_when_unlawful(world.desk)
        if stop_in_force(world.store.entries()) is not None:
            return ""
    except AlphaLoopError:
        return ""
    if any(one.kind is Kind.STOP and one.signer == ALICE for one in world.store.entries()):
        return "a stop is lifted"
    found = sorted(path for path, text in COMMITS[world.store.main()].files if EVIL in text)
    return f"{found[0]} is changed" if found else ""


def vouch(world: World) -> None:
    """What the forge asks of git before a desk judges by main: the same as `forge.mainline`, in memory."""
    entries, landed = world.store.entries(), {}
    _check_keys(entries)
    for entry in entries:
        if entry.kind is Kind.RELEASE:
            landing = entry.body["landing"]
            landed[landing["commit"]] = landing
            _check_landing(world, entry, landing)
    here = world.store.main()
    while COMMITS[here].parents:
        if here not in landed and not is_human(COMMITS[here].signer):
            raise Untrusted(f"{here} is on main, and nobody answers for it")
        here = COMMITS[here].parents[0]
    if here != entries[0].body["founding"]:
        raise Untrusted("main does not begin at the founding commit")


def _check_keys(entries: Sequence[Entry]) -> None:
    """The keys in force, from those of everybody at the desk on; who changes one must be allowed to."""
    people = [HUMAN + login for login in protocol_world.SEATS.humans]
    ring = Ring({who: _public(who) for who in (*people, *(seat.name for seat in protocol_world.SEATS.seats))})
    for entry in entries:
        if entry.kind is Kind.KEY:
            change = key_change_of(entry)
            refused = turnover.objection(ring, change, entry.signer, protocol_world.SEATS.humans)
            if refused:
                raise Untrusted(refused)
            ring = turnover.after(ring, change, "the ledger")


def _public(words: str) -> bytes:
    return sha256(words.encode()).digest()


def _check_landing(world: World, entry: Entry, landing: Mapping[str, object]) -> None:
    made = COMMITS[str(landing["commit"])]
    if made.signer != entry.signer or made.parents[0] != landing["base"]:
        raise Untrusted("a landing is not what its entry says")
    if landing["how"] == "merge":
        head = str(landing["head"])
        if made.parents != (landing["base"], head) or tree(str(landing["commit"])) != tree(head):
            raise Untrusted("a merge has not the tree of its head")
        before = world.store.entries()[: entry.number]
        told = [decided_change(one) for one in before if one.kind is Kind.DECISION]
        now = _as_git_holds(world, int(entry.body["change"]), head, str(landing["base"]))
        if not told or (told[-1].author, told[-1].touched) != (now.author, now.touched):
            raise Untrusted("it was decided as another change than git holds")
    else:
        before, after = dict(COMMITS[made.parents[0]].files), dict(made.files)
        source = dict(COMMITS[str(landing["source"])].files)
        for path in before.keys() | after.keys():
            wanted = source if path in landing["paths"] else before
            if after.get(path) != wanted.get(path):
                raise Untrusted("a restore puts something else back than it says")


def _as_git_holds(world: World, number: int, head: str, base: str) -> Change:
    refs = world.store.refs
    heads = list(refs.heads)
    heads[number - 1] = head
    aside = World(STORY, refs._replace(heads=tuple(heads), main=base, entries=refs.entries[:1]))
    aside.store.authors = world.store.authors
    return aside.store.change(number)


# What a thief does.


class Thief(NamedTuple):
    """Those for whom it signs, which may become more, and the change that it is after."""

    chance: random.Random
    keys: list[str]
    target: int


def _attack(world: World, thief: Thief, act: "Attack") -> None:
    """One act with one key; an approval with every key, because each counts."""
    for key in thief.keys if act is _approve else [thief.chance.choice(thief.keys)]:
        try:
            act(world, thief, key)
        except (AlphaLoopError, ValueError, IndexError):
            # What the product's own constructors refuse to write is no attack.
            continue


def _change(world: World, thief: Thief) -> Change:
    return world.store.change(min(thief.target, len(world.store.refs.heads)))


def _evil(world: World, thief: Thief, key: str) -> str:
    main = world.store.main()
    path = thief.chance.choice((STRATEGY, STRATEGY, STRATEGY, *PATHS))
    files = {**world.store.files(main), path: f"{EVIL} {thief.chance.random()}"}
    return commit(files, (main,), key)


def _push(world: World, thief: Thief, key: str) -> None:
    world.store.push(_change(world, thief).number, _evil(world, thief, key))


def _open(world: World, thief: Thief, key: str) -> None:
    refs = world.store.refs
    if len(refs.heads) < 3:
        head = _evil(world, thief, key)
        world.store.refs = refs._replace(heads=(*refs.heads, head))
        world.store.authors = {**world.store.authors, len(refs.heads) + 1: key}


def _onto_main(world: World, thief: Thief, key: str) -> None:
    world.store.by_hand(_evil(world, thief, key))


def _approve(world: World, thief: Thief, key: str) -> None:
    """An approval with everything that it could rest on, as the seat itself would write it."""
    change = _change(world, thief)
    digest, test = "", None
    if STRATEGY in change.files and (key == "risk" or thief.chance.random() < 0.1):
        level = next_level(world.store.entries(), change.head)
        beside = with_earlier(SCALES, world.store.entries(), change.head)
        draft = opened.test_opened(
            world.store.entries(), change, level, promotions(world.store.entries()), beside, change.head
        )
        paid = world.store.append(draft, key)
        made = world.store.append(evidence.evidence(better(paid)), key)
        digest, test = evidence.evidence_digest(made), opened.test_of(paid)
    bound = {**BOUND, "judged_by": change.base} | ({"tainted": "no"} if test else {})
    number, entry = (None, "") if test is None else (test.number, test.entry)
    grounds = Grounds(genesis_id(world.store.entries()), change.head_tree, number, entry, bound)
    said = Verdict(key, change.number, change.head, change.base, Stance.APPROVE, (), digest, "", grounds)
    world.store.append(verdicts.verdict(world.store.entries(), said), key)


def _decide(world: World, thief: Thief, key: str) -> Change:
    """An approval by the gate that the gate never gave."""
    change = _change(world, thief)
    made = Decision(change.number, change.head, change.base, Stance.APPROVE, ("all approve",))
    world.store.append(decisions.decision(world.store.entries(), made, change), key)
    return change


def _land(world: World, thief: Thief, key: str) -> None:
    """A landing past every check of the forge, with or without a decision before it."""
    change = _decide(world, thief, key) if thief.chance.random() < 0.5 else _change(world, thief)
    made = commit(dict(COMMITS[change.head].files), (change.base, change.head), key)
    shadow = releases.confirmed_commit(world.store.entries())
    facts = {"how": "merge", "change": change.number, "head": change.head}
    _moved(world, releases.release(change, shadow), made, change.base, facts, key)


def _restore(world: World, thief: Thief, key: str) -> None:
    """A rollback of whatever landed, to whatever the thief likes."""
    landed = [one for one in world.store.entries() if is_merge(one)]
    main, source = world.store.main(), _evil(world, thief, key)
    paths = sorted(("strategy.py", "execution.py", "connectivity.yaml"))
    wanted = dict(COMMITS[source].files)
    files = {path: text for path, text in COMMITS[main].files if path not in paths}
    made = commit(files | {path: wanted[path] for path in paths if path in wanted}, (main,), key)
    facts = {"how": "restore", "paths": paths, "source": source}
    _moved(world, releases.rollback(thief.chance.choice(landed), "for safety"), made, main, facts, key)


def _moved(world: World, draft: Draft, made: str, base: str, facts: Mapping[str, object], key: str) -> None:
    full = replace(draft, body={**draft.body, "landing": {"commit": made, "base": base, **facts}})
    refs = world.store.refs
    if all(one.key != full.key for one in refs.entries):
        entry = entry_after(refs.entries, full, key)
        world.store.refs = refs._replace(entries=(*refs.entries, entry), main=made)


def _confirm(world: World, thief: Thief, key: str) -> None:
    """The end of a canary that never ran, so that the next rollback goes to it."""
    released = releases.canary(world.store.entries())
    if released is None:
        return
    release = releases.release_of(released)
    judged = Judgement(Finish.CONFIRMED, 200, 20.0, 1.0, 0.05, (), (), "fine")
    made = Evidence(
        of=released.commit, change=release.change, head=release.commit, head_tree=tree(release.commit),
        base=release.shadow, signature="", scales=SCALES, pairs=(), judgement=judged,
        bound={**BOUND, "judged_by": release.commit, "tainted": "no"},
    )  # fmt: skip
    entry = world.store.append(evidence.evidence(made), key)
    ended = releases.Outcome(release, judged, "")
    world.store.append(releases.outcome(released, ended, evidence.evidence_digest(entry)), key)


def _resume(world: World, thief: Thief, key: str) -> None:
    standing = stop_in_force(world.store.entries())
    if standing is not None:
        world.store.append(stops.resume(standing, thief.chance.choice((key, ALICE))), key)


def _mark(world: World, thief: Thief, key: str) -> None:
    change = _change(world, thief)
    done = thief.chance.choice([*marks.Mark])
    event = str(thief.chance.random())
    world.store.append(marks.mark(change.number, done, change.head, change.base, event), key)


def _rekey(world: World, thief: Thief, key: str) -> None:
    """Another key for its own seat, or for somebody else, who loses theirs; or nobody's, for a human."""
    people = [HUMAN + login for login in protocol_world.SEATS.humans]
    seats = [seat.name for seat in protocol_world.SEATS.seats]
    who = thief.chance.choice((key, thief.chance.choice(seats), thief.chance.choice(people), HUMAN + "eve"))
    new = (
        ""
        if who in people and thief.chance.random() < 0.5
        else public_line(_public(str(thief.chance.random())))
    )
    old = "" if who == HUMAN + "eve" else public_line(_public(who))
    change = KeyChange(who, old, new, "for safety", world.store.main(), {})
    world.store.append(key_changed(change), key)
    thief.keys.extend([who] if new else [])


_ATTACKS: tuple[Attack, ...] = (
    _push, _open, _onto_main, _approve, _decide, _land, _restore, _confirm, _resume, _mark,
)  # fmt: skip
