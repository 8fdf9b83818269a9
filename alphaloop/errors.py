"""The error tree: each class says who must act, and the exit code that a door answers with.

AlphaLoopError
├── Misuse (2)              the caller: the command line or a path is wrong
├── BadConfiguration (2)    the maintainer: a file of the strategy repository is wrong
│   └── Unseated            the maintainer: a seat is named that roles.yaml lacks
├── BadTape (2)             whoever recorded or names the tape
├── Refused (1)             nobody or the asker: a rule said no, and says what would make it yes
│   ├── Stopped             a human: the emergency stop is in force
│   ├── Stale               the caller: what was judged is no longer what stands; judge again
│   └── Busy                nobody: another process is at this very step; nothing was spent
├── StrategyFault (1)       the strategy's author: the worker crashed, flooded, lied or timed out
└── Broken (3)              the operator: the platform itself failed; nothing was approved
    ├── SandboxUnavailable  the operator: no backend isolates untrusted code here
    ├── Untrusted           the operator: a signature, a link or a digest does not hold
    └── RepositoryFailure   the operator: git refused or the disk did
"""


class AlphaLoopError(Exception):
    """The root: says what happened, where, and what to do."""

    exit_code = 3


class Misuse(AlphaLoopError):
    """The command line or a path is wrong.  The caller must change the call."""

    exit_code = 2


class BadConfiguration(AlphaLoopError):
    """A file of the strategy repository cannot be read as what it should be.  The maintainer must mend it."""

    exit_code = 2


class Unseated(BadConfiguration):
    """A seat is named that roles.yaml lacks.  The maintainer must add the seat or correct the name."""


class BadTape(AlphaLoopError):
    """A tape is missing, cut short or not a tape.  Whoever recorded it must record or name it again."""

    exit_code = 2


class Refused(AlphaLoopError):
    """A rule said no.  The message names the rule, the value, the limit and the way out."""

    exit_code = 1


class Stopped(Refused):
    """The emergency stop is in force.  A human must resume with their own signature."""


class Stale(Refused):
    """What was judged is no longer what stands.  The caller must read again and judge again."""


class Busy(Refused):
    """Another process has claimed this step.  Nobody must act: nothing was spent, and it is being done."""


class StrategyFault(AlphaLoopError):
    """The strategy's worker crashed, flooded, lied or timed out.  The strategy's author must act."""

    exit_code = 1


class Broken(AlphaLoopError):
    """The platform failed, not the strategy.  The operator must act; nothing was approved."""

    exit_code = 3


class SandboxUnavailable(Broken):
    """Nothing here isolates untrusted code.  The operator must run `alphaloop doctor`."""


class Untrusted(Broken):
    """A signature, a link or a digest does not hold.  The operator must find out who changed what."""


class RepositoryFailure(Broken):
    """Git or the disk refused.  The operator must free what blocks and run the same command again."""
