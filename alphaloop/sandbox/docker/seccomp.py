"""The seccomp profile of a container: what its first process may call, of which its workers keep a part.

It grows out of the same lists as the filters that the workers put on themselves, and is an allow-list too, so
that io_uring, AF_VSOCK, namespaces, keys and BPF, some of which Docker's own profile lets through, are out.
"""

import json
from collections.abc import Iterator
from typing import Any

from alphaloop.sandbox.inside import profiles
from alphaloop.sandbox.inside.seccomp import Action, Profile

_BEGIN = "arch_prctl execve exit_group epoll_create1 epoll_ctl epoll_pwait eventfd2 tgkill vfork"
"""Process 1 as the engine starts it: runc's last steps are under the profile already."""

_NURSERY = (
    "capset close_range connect getpeername getsockname getsockopt kill pidfd_open prctl recvmsg "
    "sched_setaffinity seccomp sendmsg setrlimit setsockopt wait4 waitid "
    "landlock_add_rule landlock_create_ruleset landlock_restrict_self"
)
"""Fork workers, put up their walls, and end them."""

_NAMESPACES = 0x7E020000
_ALL_BUT_UNIX = 0xFFFFFFFE

CONTAINER = Profile(
    allow=profiles.TESTS.allow
    | profiles.STRATEGY.allow
    | profiles.STRATEGY.deny
    | frozenset(name for name, _, _ in profiles.STRATEGY.zero)
    | frozenset(f"{_BEGIN} {_NURSERY} ioctl".split()),
    zero=(
        ("clone", 0, _NAMESPACES),
        ("socket", 0, _ALL_BUT_UNIX),
        ("socketpair", 0, _ALL_BUT_UNIX),
    ),
    deny=frozenset(),
    otherwise=Action.DENY,
)
"""Denied, not killed: what the workers may not even try, their own filter sees to."""

_MACHINES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
_ENOSYS = 38


def profile() -> str:
    """`CONTAINER` in the form that the engine takes."""
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": int(CONTAINER.otherwise & 0xFFFF),
            "architectures": list(_MACHINES.values()),
            "syscalls": list(_rules(CONTAINER)),
        }
    )


def _rules(of: Profile) -> Iterator[dict[str, Any]]:
    yield {"names": sorted(of.allow), "action": "SCMP_ACT_ALLOW"}
    for name, argument, mask in of.zero:
        none_of_them = {"index": argument, "value": mask, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
        yield {"names": [name], "action": "SCMP_ACT_ALLOW", "args": [none_of_them]}
    # A filter cannot look into its arguments; told that there is no such call, the C library uses clone.
    yield {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": _ENOSYS}
