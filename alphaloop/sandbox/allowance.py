"""How much a worker may use."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of one worker.

    step_s: an answer may take this long; when it is late, the worker is at fault as soon as it has worked
    half as long again, so that a busy machine is not taken for a hang; stall_s: wall time after which a late
    answer is a fault whatever the worker did; total_s: CPU time of the worker's life, of which half is too
    much once it was waited for as long; memory_bytes: address space beyond what was preloaded.
    """

    step_s: float = 1.0
    stall_s: float = 10.0
    total_s: float = 300.0
    memory_bytes: int = 1 << 30

    def __post_init__(self) -> None:
        for name in ("step_s", "stall_s", "total_s", "memory_bytes"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a positive finite number, not {value}")
