"""The filter programs, run by an interpreter of our own over calls of both machines."""

import json
import re
from pathlib import Path
from struct import iter_unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.sandbox.docker import seccomp
from alphaloop.sandbox.docker.seccomp import CONTAINER
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


def test_a_containers_profile_lets_through_all_that_a_worker_may_and_nothing_that_leads_out() -> None:
    allowed = CONTAINER.allow | {name for name, _, _ in CONTAINER.zero}
    inner = profiles.STRATEGY.allow | profiles.TESTS.allow | {name for name, _, _ in profiles.STRATEGY.zero}
    assert inner <= allowed
    out = "io_uring_setup io_uring_enter io_uring_register bpf keyctl add_key request_key unshare setns mount"
    out += (
        " umount2 pivot_root ptrace process_vm_readv process_vm_writev perf_event_open userfaultfd kexec_load"
    )
    out += " init_module finit_module open_by_handle_at mknod mknodat chmod fchmod chown clone3 personality"
    out += " setuid setgid setreuid setresuid setgroups memfd_create bind listen accept accept4 swapon reboot"
    assert not allowed & set(out.split())


def test_the_profile_says_to_the_engine_what_it_says_to_us() -> None:
    told = json.loads(seccomp.profile())
    assert (told["defaultAction"], told["defaultErrnoRet"]) == ("SCMP_ACT_ERRNO", 1)
    free, *guarded = [rule for rule in told["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW"]
    assert set(free["names"]) == CONTAINER.allow
    assert {rule["names"][0] for rule in guarded} == {"clone", "socket", "socketpair"}
    (socket_rule,) = [rule["args"] for rule in guarded if rule["names"] == ["socket"]]
    (mask,) = [rule["value"] for rule in socket_rule if rule["valueTwo"] == 0]
    # AF_UNIX is 1, AF_VSOCK 40; the family passes when none of the bits of the mask is set.
    assert [family for family in range(64) if not family & mask] == [0, 1]


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
