"""Claiming a costly step in the ledger before anything is spent on it."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from alphaloop.errors import Busy
from alphaloop.facts.step import Todo
from alphaloop.facts.work import LEASE_S, Work
from alphaloop.ports import Desk
from alphaloop.rules.claims import MOST_ATTEMPTS, next_claim
from alphaloop.rules.entries.claims import claim, claim_of

_PROCESSES = Path("/proc")
_AT_WORK: set[str] = set()
"""The claims that this very process is at."""


@contextmanager
def claimed(desk: Desk, seat: str, todo: Todo, inputs: str) -> Iterator[None]:
    """Do a costly step within, with a claim of `seat` that is the one that stands; raises Busy otherwise.

    inputs: what the step works on, in words that differ whenever the work does. A rehearsal is alone in its
    clone, so it claims nothing.
    """
    if desk.rehearsal:
        yield
        return
    holder = f"{_process()}:{secrets.token_hex(8)}"
    _AT_WORK.add(holder)
    try:
        _claim(desk, seat, todo, _wanted(todo, inputs, holder))
        yield
    finally:
        _AT_WORK.discard(holder)


def _wanted(todo: Todo, inputs: str, holder: str) -> Work:
    now_s = int(time.time())
    digest = f"sha256:{sha256(inputs.encode()).hexdigest()}"
    return Work(str(todo.step), todo.change, digest, 1, holder, now_s, now_s + LEASE_S)


def _claim(desk: Desk, seat: str, todo: Todo, wanted: Work) -> None:
    made = next_claim(desk.ledger.entries(), wanted, gone)
    # Of all who make the same attempt the ledger answers one and the same entry: the first.
    if made is None or claim_of(desk.ledger.append(claim(made), seat)) != made:
        raise Busy(
            f"'{todo.step}' of #{todo.change} is another process's, or was begun {MOST_ATTEMPTS} times and "
            "never ended: nothing was spent; a push or an override makes it a new step"
        )


def gone(holder: str) -> bool:
    """Whether the holder of a claim is known to have ended, which only its own machine can tell.

    A wrong answer costs work that is done twice, and nothing else.
    """
    process = holder.rpartition(":")[0]
    if process == _process():
        return holder not in _AT_WORK
    machine, _, rest = process.partition(":")
    identity, _, start = rest.partition(":")
    if not machine or machine != _machine() or not identity.isdecimal() or not start:
        return False
    try:
        return _start(identity) != start
    except OSError:
        return False


def _process() -> str:
    """This process as others can look for it: a digest of boot and process numbers, its id, its start."""
    try:
        start = _start("self")
    except OSError:
        start = ""
    return f"{_machine()}:{os.getpid()}:{start}"


@cache
def _machine() -> str:
    """A digest of this boot and of what numbers its processes; "" where that cannot be known."""
    try:
        boot = (_PROCESSES / "sys" / "kernel" / "random" / "boot_id").read_text()
        numbers = (_PROCESSES / "self" / "ns" / "pid").readlink()
    except OSError:
        return ""
    return sha256(f"{boot}{numbers}".encode()).hexdigest()[:16]


def _start(process: str) -> str:
    """When a process started, in clock ticks since boot; "" when there is none such, or only its remains."""
    try:
        status = (_PROCESSES / process / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # The name, in parentheses, may hold anything; after it come the state and, at the twentieth, the start.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
