"""One entry of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What the ledger records; docs/reference.md takes its words from here."""

    GENESIS = "genesis"  # the desk opens: its id and everybody's public keys
    KEY = "key"  # a human gave somebody another key, or took it away; older entries keep theirs
    RECORD = "record"  # what Data measured of one commit
    PLAN = "plan"  # what a turn proposes, before its change is opened
    NUMBER = "number"  # a pull request's number, given once
    CHANGE = "change"  # a head as it was opened, with its hypothesis
    TRIAL = "trial"  # how many candidates a search scored
    CLAIM = "claim"  # who is at a costly step, so that nobody else spends on it too
    TEST_OPENED = "test opened"  # a test and the level that it paid, before its first episode
    EVIDENCE = "evidence"  # every pair of a test or canary, and what it is bound to
    COUNTEREXAMPLE = "counterexample"  # a market in which a candidate broke a limit; later ones meet it first
    VERDICT = "verdict"  # one seat's answer on one head and base
    OVERRIDE = "override"  # a human's word that a seat's hold shall not count, on one head and for a while
    DECISION = "decision"  # what the gate made of the verdicts that it read
    RELEASE = "release"  # a merge or a rollback, and main's commit after it
    OUTCOME = "outcome"  # how a release ended: confirmed or rolled back
    LESSON = "lesson"  # what a turn came to, predicted beside measured
    ESCALATION = "escalation"  # a hypothesis that was refused too often, handed to a human
    STOP = "stop"  # the emergency stop
    RESUME = "resume"  # a human ended a stop
    CLOSED = "closed"  # a pull request that is closed without a merge
    MARK = "mark"  # a pull request that was made a draft, made ready, or reopened
    IDEA = "idea"  # what somebody asked the desk to try
    RENDERING = "rendering"  # task.md and walkthrough.md, in the branch's tree
    IMPORTED = "imported"  # of a clone that diverged: a trial, and no more


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed statement at a position in the ledger.

    commit: its 40-digit id; number: its place, genesis is 0; signer: the principal whose key signed it;
    body: JSON values only.  `key` makes an append idempotent: the same key is never recorded twice.
    """

    number: int
    commit: str
    signer: str
    kind: Kind
    key: str
    subject: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is not yet appended: `tree` names git trees and blobs that it must keep reachable."""

    kind: Kind
    key: str
    subject: str
    body: Mapping[str, Any]
    keeps: Mapping[str, str] | None = None
