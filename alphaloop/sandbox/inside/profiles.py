"""The two profiles: a strategy's worker, and a repository's tests."""

from alphaloop.sandbox.inside.seccomp import Action, Profile

_MEMORY = "brk futex madvise mremap munmap"
_SIGNALS = "restart_syscall rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack"
_CLOCKS = "clock_getres clock_gettime gettimeofday getcpu sched_yield time"
_END = "close exit exit_group"
_WHO = "getegid geteuid getgid getpid getppid getuid gettid sched_getaffinity sysinfo uname times getrusage"
_LOOK = (
    "access faccessat faccessat2 fcntl fstat getcwd getdents getdents64 lseek lstat newfstatat open openat "
    "pread64 read readlink readlinkat readv stat statfs statx write writev"
)
_CHANGE = (
    "chdir dup dup2 dup3 fchdir fdatasync flock fstatfs fsync ftruncate mkdir mkdirat msync pipe pipe2 poll "
    "ppoll pselect6 pwrite64 rename renameat renameat2 rmdir select set_tid_address symlink symlinkat "
    "truncate umask unlink unlinkat"
)
_NUMA = "get_mempolicy mbind membarrier rseq set_mempolicy set_robust_list"
_MORE = "getrandom mmap mprotect"
_WAIT = "clock_nanosleep nanosleep"

_PROT_EXEC, _ANY = 4, 0xFFFFFFFF

STRATEGY = Profile(
    allow=frozenset(f"{_MEMORY} {_SIGNALS} {_CLOCKS} {_END}".split()),
    zero=(
        # No flags: out-of-band bytes on unix sockets have let processes out of sandboxes (CVE-2025-38236).
        ("recvfrom", 3, _ANY),
        ("sendto", 3, _ANY),
        # New machine code is never needed once everything is loaded.
        ("mmap", 2, _PROT_EXEC),
        ("mprotect", 2, _PROT_EXEC),
    ),
    # Refused, but no proof of an attack: an import of a module that was not preloaded looks at files.
    deny=frozenset(f"{_LOOK} {_WHO} {_NUMA} {_WAIT} getrandom getrlimit prlimit64".split()),
    otherwise=Action.KILL,
)
"""Memory, clocks and one socket.  What is not even mentioned kills, so that trying it cannot stay unseen."""

TESTS = Profile(
    allow=frozenset(
        f"{_MEMORY} {_SIGNALS} {_CLOCKS} {_END} {_WHO} {_LOOK} {_CHANGE} {_NUMA} {_WAIT} {_MORE}".split()
    ),
    zero=(),
    deny=frozenset(),
    otherwise=Action.DENY,
)
"""Files too, as far as Landlock lets them through; no socket, process, thread, signal or change of mode."""
