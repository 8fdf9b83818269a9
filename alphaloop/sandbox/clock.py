"""How long another process has worked."""

import time


def cpu_seconds(pid: int) -> float | None:
    """CPU time that process `pid` has used, or None where nobody knows."""
    try:
        # Linux: the clock of another process, numbered as clock_getcpuclockid(3) numbers it.
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return None
