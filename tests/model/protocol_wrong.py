"""What must never be so in a state of the protocol, said without the rules that are tried."""

from collections.abc import Iterator, Mapping
from functools import cache

from protocol_objects import COMMITS, ROOM, STRATEGY, Refs, ancestors, room, tree
from protocol_world import ALICE, SEATS, Scenario, World, unlocked_here

from alphaloop.facts.change import LIMITS
from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules import gate


class Wrong(AssertionError):
    """Something that must never be so, with the events that led to it."""


def refuse_twice(spent: list[str]) -> None:
    if len(spent) != len(set(spent)):
        raise Wrong("two processes spent on the same step")


def wrong(before: Refs, now: Refs) -> Iterator[str]:
    if now.entries[: len(before.entries)] != before.entries:
        yield "the ledger lost an entry"
    if before.main not in ancestors(now.main):
        yield "main did not only move forward"
    keys = [one.key for one in now.entries if one.kind is Kind.TEST_OPENED]
    if len(keys) != len(set(keys)):
        yield "a test was charged twice"
    for entry in now.entries[len(before.entries) :]:
        yield from _wrong_entry(now.entries[: entry.number], entry)
    landed = {one.body["landing"]["commit"] for one in now.entries if one.kind is Kind.RELEASE}
    if any(one not in landed and COMMITS[one].signer != ALICE for one in mainline(now.main)):
        yield "a commit is on main that nobody landed"


def _wrong_entry(before: tuple[Entry, ...], entry: Entry) -> Iterator[str]:
    if entry.kind is Kind.RELEASE:
        merged = entry.body["action"] == "merge"
        yield from (_wrong_landing if merged else _wrong_rollback)(before, entry)
        yield from _wrong_size(entry.body["landing"])
    elif entry.kind is Kind.OUTCOME and not entry.body["restored"]:
        # What runs in no canary has landed for good when it merges, and nothing holds it any more.
        judged = any(one.commit == entry.body["of"] and one.body["judged"] for one in before)
        if judged and _objections(before, int(entry.body["change"])):
            yield "a canary was confirmed over a hold or veto"
    elif entry.kind is Kind.ESCALATION:
        if any(
            one.kind is Kind.ESCALATION and one.body["hypothesis"] == entry.body["hypothesis"]
            for one in before
        ):
            yield "a deadlock was escalated twice"
    elif entry.kind is Kind.DECISION and gate.redecided((*before, entry), entry, SEATS) != gate.decision_of(
        entry
    ):
        yield "a decision cannot be recomputed"


def _wrong_landing(before: tuple[Entry, ...], entry: Entry) -> Iterator[str]:
    number, head, base = (entry.body[name] for name in ("change", "head", "base"))
    made = COMMITS[entry.body["landing"]["commit"]]
    if made.parents != (base, head) or tree(entry.body["landing"]["commit"]) != tree(head):
        yield "what landed is not the tree of the head on its base"
    here = [one for one in before if _on(one, number, head, base)]
    if [one.body["stance"] for one in here if one.signer == "risk"][-1:] != ["approve"]:
        yield "a tree landed that Risk did not approve at this head and base"
    if any(one.body["stance"] in ("hold", "veto") for one in here if one.signer != ALICE):
        yield "a tree landed over a seat's hold or veto"
    if _objections(before, number):
        yield "a tree landed over a person's hold or veto"
    if sum(one.kind is Kind.STOP for one in before) > sum(one.kind is Kind.RESUME for one in before):
        yield "a tree landed while the desk was stopped"


def _wrong_rollback(before: tuple[Entry, ...], entry: Entry) -> Iterator[str]:
    """A way back loosens no limit, and leaves no limit that only what went back had brought."""
    landing = entry.body["landing"]
    was, now = room(landing["base"]), room(landing["commit"])
    if now > was:
        yield "a rollback loosened a limit"
    released = next(one.body["landing"] for one in before if one.commit == entry.body["of"])
    if was == room(released["commit"]) > room(released["base"]) and now != room(released["base"]):
        yield "a scaling went, and its limits stayed"


def _wrong_size(landing: Mapping[str, str]) -> Iterator[str]:
    """What the desk lands does not state another size than the limits that land with it."""
    was, now = (dict(COMMITS[landing[side]].files) for side in ("base", "commit"))
    if was != now and now[STRATEGY] in ROOM and now[STRATEGY] != now[LIMITS]:
        yield "a strategy landed under the limits of another"


def _on(entry: Entry, number: int, head: str, base: str) -> bool:
    said = entry.body
    return entry.kind is Kind.VERDICT and (said["change"], said["head"], said["base"]) == (number, head, base)


def _objections(before: tuple[Entry, ...], number: int) -> bool:
    """Whether Alice's newest word on a change is an objection; one that is delivered again is no newer."""
    said = {one.key: one for one in reversed(before) if words_of_alice(one, number)}
    newest = max(said.values(), key=lambda one: one.number, default=None)
    return newest is not None and newest.body["stance"] in ("hold", "veto")


def stuck(scenario: Scenario, here: Refs) -> str:
    """What is left undone where the desk has nothing to do any more."""
    if unlocked_here(World(scenario, here)) or unfinished(here):
        return ""
    if sum(one.kind is Kind.STOP for one in here.entries) > sum(
        one.kind is Kind.RESUME for one in here.entries
    ):
        return ""
    refused = {int(one.body["change"]["number"]) for one in here.entries if _refuses(one)}
    refused |= {
        int(one.body["change"]) for one in here.entries if one.kind is Kind.OUTCOME and one.body["restored"]
    }
    ideas = {number for number in refused if scenario.candidates[number - 1][0] == "quant"}
    told = sum(one.kind is Kind.ESCALATION for one in here.entries)
    if len(ideas) >= SEATS.escalate_after and told != 1:
        return f"{len(ideas)} changes of one idea were refused and it was handed over {told} times"
    return ""


def _refuses(entry: Entry) -> bool:
    return entry.kind is Kind.DECISION and entry.body["stance"] == "veto"


def words_of_alice(entry: Entry, number: int) -> str:
    """What Alice answered on a change, "" for anything else."""
    hers = entry.kind is Kind.VERDICT and entry.signer == ALICE and entry.body["change"] == number
    return str(entry.body["stance"]) if hers else ""


def unfinished(here: Refs) -> bool:
    landings = [one.body["landing"] for one in here.entries if one.kind is Kind.RELEASE]
    return bool(landings) and here.main == landings[-1]["base"]


@cache
def mainline(main: str) -> tuple[str, ...]:
    """Main's commits, the newest first; those of the founding and of landings are few."""
    parents = COMMITS[main].parents
    return (main, *(mainline(parents[0]) if parents else ()))
