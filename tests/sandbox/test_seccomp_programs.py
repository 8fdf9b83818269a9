"""The filter programs, run by an interpreter of our own over calls of both machines."""

import re
from pathlib import Path
from struct import iter_unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.sandbox.inside import profiles
from alphaloop.sandbox.inside.seccomp import Action, Profile, compiled
from alphaloop.sandbox.inside.syscalls import AUDIT_ARCH, numbers

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
MACHINES = sorted(AUDIT_ARCH)
words = st.integers(0, 0xFFFFFFFF)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels_own(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip(f"no kernel header {HEADERS[machine]} here")
    lines = re.findall(r"(?m)^#define __NR(?:3264)?_(\w+)\s+(\d+)$", HEADERS[machine].read_text())
    known = {name: int(number) for name, number in lines}
    # One call has two names.
    known.setdefault("newfstatat", known.get("fstatat", -1))
    assert numbers(machine).items() <= known.items()


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("profile", [profiles.STRATEGY, profiles.TESTS], ids=["strategy", "tests"])
def test_every_name_of_a_profile_is_in_the_table(profile: Profile, machine: str) -> None:
    named = profile.allow | profile.deny | {name for name, _, _ in profile.zero}
    both = {name for each in MACHINES for name in numbers(each)}
    assert named <= both
    assert {name for name, _, _ in profile.zero} <= numbers(machine).keys()


@pytest.mark.parametrize("machine", MACHINES)
@given(number=words, arguments=st.lists(words, min_size=6, max_size=6))
def test_a_strategy_never_makes_a_call_that_its_profile_does_not_name(
    machine: str, number: int, arguments: list[int]
) -> None:
    names = {known: name for name, known in numbers(machine).items()}
    verdict = ruled(profiles.STRATEGY, machine, machine, number, arguments)
    name = names.get(number, "")
    if name not in profiles.STRATEGY.allow | {each for each, _, _ in profiles.STRATEGY.zero}:
        assert verdict != Action.ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_every_known_call_is_ruled_as_the_profile_says(machine: str) -> None:
    for profile in (profiles.STRATEGY, profiles.TESTS):
        guarded = {name: (argument, mask) for name, argument, mask in profile.zero}
        for name, number in numbers(machine).items():
            clean = ruled(profile, machine, machine, number, [0] * 6)
            if name in guarded:
                argument, mask = guarded[name]
                dirty = [0] * 6
                dirty[argument] = mask
                assert (clean, ruled(profile, machine, machine, number, dirty)) == (Action.ALLOW, Action.KILL)
            elif name == "ioctl":
                assert clean == Action.NO_TERMINAL
            else:
                allowed = name in profile.allow
                refusal = Action.DENY if name in profile.deny else profile.otherwise
                assert clean == (Action.ALLOW if allowed else refusal), name


@pytest.mark.parametrize("machine", MACHINES)
@given(number=words)
def test_a_call_of_another_architecture_always_kills(machine: str, number: int) -> None:
    other = next(each for each in MACHINES if each != machine)
    for profile in (profiles.STRATEGY, profiles.TESTS):
        assert ruled(profile, machine, other, number, [0] * 6) == Action.KILL


@given(number=st.integers(0x40000000, 0x7FFFFFFF))
def test_a_call_of_the_x32_interface_never_passes(number: int) -> None:
    for profile in (profiles.STRATEGY, profiles.TESTS):
        assert ruled(profile, "x86_64", "x86_64", number, [0] * 6) in (Action.KILL, Action.DENY)


def ruled(profile: Profile, machine: str, caller: str, number: int, arguments: list[int]) -> int:
    """What the program for `machine` says of a call that a process of `caller` makes."""
    seen = {0: number, 4: AUDIT_ARCH[caller], **{16 + 8 * at: value for at, value in enumerate(arguments)}}
    program = list(iter_unpack("<HBBI", compiled(profile, machine)))
    at = accumulator = 0
    while True:
        code, yes, no, operand = program[at]
        at += 1
        if code == 0x20:
            accumulator = seen[operand]
        elif code == 0x15:
            at += yes if accumulator == operand else no
        elif code == 0x45:
            at += yes if accumulator & operand else no
        else:
            assert code == 0x06
            return int(operand)
