"""How a worker's process ended, in words."""

import signal

_REASONS = {
    signal.SIGSYS: "it made a system call that the sandbox forbids",
    signal.SIGXCPU: "it used up its CPU time",
    signal.SIGKILL: "it used up its CPU time, or the machine ran out of memory",
    signal.SIGSEGV: "it crashed the interpreter",
    signal.SIGBUS: "it crashed the interpreter",
    signal.SIGABRT: "it crashed the interpreter",
    signal.SIGXFSZ: "it wrote more than it may",
}


def ending(code: int) -> str:
    """Say how a process ended that nobody had ended; `code` as subprocess has it, negative for a signal."""
    if code >= 0:
        return f"it left without an answer, with exit code {code}"
    number = signal.Signals(-code)
    reason = _REASONS.get(number)
    return f"it was killed by {number.name}" + (f": {reason}" if reason else "")
