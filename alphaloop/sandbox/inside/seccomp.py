"""seccomp: which system calls a process may still make.

A profile is compiled to the classic BPF program that the kernel runs before every call.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

from alphaloop.sandbox.inside import kernel
from alphaloop.sandbox.inside.syscalls import AUDIT_ARCH, numbers


class Action(IntEnum):
    """What becomes of a call: values of linux/seccomp.h."""

    KILL = 0x80000000
    DENY = 0x00050000 | errno.EPERM
    NO_TERMINAL = 0x00050000 | errno.ENOTTY
    ALLOW = 0x7FFF0000


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be called.

    allow: by name; zero: calls let through only when the bits (argument number, mask) of an argument are all
    0, else the process is killed; deny: calls that fail with EPERM because the language's own run-time tries
    them in good faith; otherwise: what becomes of all others.
    """

    allow: frozenset[str]
    zero: tuple[tuple[str, int, int], ...]
    deny: frozenset[str]
    otherwise: Action


_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_SET_FILTER, _ACTION_AVAILABLE = 1, 2
_INSTRUCTION = Struct("<HBBI")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def available() -> bool:
    """Whether this kernel can kill a process for a call, on a machine whose call numbers we know."""
    if os.uname().machine not in AUDIT_ARCH:
        return False
    kill = ctypes.byref(ctypes.c_uint32(Action.KILL))
    try:
        kernel.system_call(numbers(os.uname().machine)["seccomp"], _ACTION_AVAILABLE, 0, kill)
    except OSError:
        return False
    return True


def install(profile: Profile) -> None:
    """Put the calling thread under `profile` for ever; needs no_new_privs."""
    machine = os.uname().machine
    code = compiled(profile, machine)
    program = _Program(len(code) // _INSTRUCTION.size, code)
    kernel.system_call(numbers(machine)["seccomp"], _SET_FILTER, 0, ctypes.byref(program))


def compiled(profile: Profile, machine: str) -> bytes:
    """The BPF program of `profile` for `machine`; a call of another architecture always kills."""
    return b"".join(_INSTRUCTION.pack(*line) for line in _lines(profile, machine))


def _lines(profile: Profile, machine: str) -> Iterator[tuple[int, int, int, int]]:
    known = numbers(machine)
    yield _LOAD, 0, 0, _MACHINE_AT
    yield _IF_EQUAL, 1, 0, AUDIT_ARCH[machine]
    yield _RETURN, 0, 0, Action.KILL
    yield _LOAD, 0, 0, _NUMBER_AT
    for name, argument, mask in profile.zero:
        yield _IF_EQUAL, 0, 4, known[name]
        # The mask has no high bits, so the low word of the argument (the machine is little-endian) is enough.
        yield _LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument
        yield _IF_ANY_BIT, 0, 1, mask
        yield _RETURN, 0, 0, Action.KILL
        yield _RETURN, 0, 0, Action.ALLOW
    for names, action in ((profile.allow, Action.ALLOW), (profile.deny, Action.DENY)):
        for name in sorted(names & known.keys()):
            yield _IF_EQUAL, 0, 1, known[name]
            yield _RETURN, 0, 0, action
    # What Python asks every new file: with any other answer than "no terminal" it gives up.
    yield _IF_EQUAL, 0, 1, known["ioctl"]
    yield _RETURN, 0, 0, Action.NO_TERMINAL
    yield _RETURN, 0, 0, profile.otherwise
