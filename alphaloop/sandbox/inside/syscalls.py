"""System call numbers by machine, for the calls that a profile names.

From the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What seccomp calls the machine."""

# Name, x86_64, aarch64; "-" where the machine never had the call.
_TABLE = """
recvfrom 45 207
sendto 44 206
futex 202 98
mmap 9 222
munmap 11 215
mremap 25 216
brk 12 214
madvise 28 233
mprotect 10 226
rt_sigreturn 15 139
rt_sigprocmask 14 135
rt_sigaction 13 134
sigaltstack 131 132
restart_syscall 219 128
clock_gettime 228 113
clock_getres 229 114
gettimeofday 96 169
time 201 -
sched_yield 24 124
getcpu 309 168
close 3 57
exit 60 93
exit_group 231 94
read 0 63
write 1 64
readv 19 65
writev 20 66
pread64 17 67
lseek 8 62
open 2 -
openat 257 56
stat 4 -
lstat 6 -
fstat 5 80
newfstatat 262 79
statx 332 291
statfs 137 43
access 21 -
faccessat 269 48
faccessat2 439 439
readlink 89 -
readlinkat 267 78
getcwd 79 17
getdents 78 -
getdents64 217 61
fcntl 72 25
ioctl 16 29
getrandom 318 278
sysinfo 99 179
uname 63 160
getrusage 98 165
times 100 153
getpid 39 172
getppid 110 173
gettid 186 178
getuid 102 174
geteuid 107 175
getgid 104 176
getegid 108 177
sched_getaffinity 204 123
prlimit64 302 261
getrlimit 97 163
nanosleep 35 101
clock_nanosleep 230 115
mbind 237 235
get_mempolicy 239 236
set_mempolicy 238 237
membarrier 324 283
rseq 334 293
set_robust_list 273 99
fsync 74 82
fdatasync 75 83
flock 73 32
truncate 76 45
ftruncate 77 46
pwrite64 18 68
msync 26 227
chdir 80 49
fchdir 81 50
rename 82 -
renameat 264 38
renameat2 316 276
mkdir 83 -
mkdirat 258 34
rmdir 84 -
unlink 87 -
unlinkat 263 35
symlink 88 -
symlinkat 266 36
umask 95 166
dup 32 23
dup2 33 -
dup3 292 24
pipe 22 -
pipe2 293 59
poll 7 -
ppoll 271 73
select 23 -
pselect6 270 72
fstatfs 138 44
set_tid_address 218 96
seccomp 317 277
"""


def numbers(machine: str) -> dict[str, int]:
    """The known calls of `machine` (as `os.uname` spells it) by name; raises KeyError for another machine."""
    column = {"x86_64": 1, "aarch64": 2}[machine]
    rows = (line.split() for line in _TABLE.strip().splitlines())
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}
