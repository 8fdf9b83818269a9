"""One entry of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What the ledger records."""

    GENESIS = "genesis"
    RECORD = "record"
    PLAN = "plan"
    NUMBER = "number"
    CHANGE = "change"
    TRIAL = "trial"
    TEST_OPENED = "test opened"
    EVIDENCE = "evidence"
    VERDICT = "verdict"
    DECISION = "decision"
    RELEASE = "release"
    OUTCOME = "outcome"
    LESSON = "lesson"
    ESCALATION = "escalation"
    STOP = "stop"
    RESUME = "resume"
    CLOSED = "closed"
    RENDERING = "rendering"
    IMPORTED = "imported"


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
