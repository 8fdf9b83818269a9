"""The program that judges a repository, and what it made of strategies and markets whose nature is known."""

import re
from dataclasses import dataclass

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!-]{0,63}")
_PYTHON = re.compile(r"3\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Judge:
    """One program: its version, a digest of its own files, and the release of Python, as in 3.11."""

    version: str
    program: str
    python: str

    def __post_init__(self) -> None:
        named = (("version", _VERSION), ("program", _DIGEST), ("python", _PYTHON))
        for name, form in named:
            if not form.fullmatch(getattr(self, name)):
                raise ValueError(f"{getattr(self, name)!r} is no {name} of a judge")

    def __str__(self) -> str:
        return f"alphaloop {self.version} {self.program} python {self.python}"

    def differences(self, other: "Judge") -> tuple[str, ...]:
        """What `other` has another of, in words."""
        return tuple(
            f"{name} {getattr(other, name)} instead of {getattr(self, name)}"
            for name in ("version", "program", "python")
            if getattr(other, name) != getattr(self, name)
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """How a judge did before it was let in.

    through: the last safety stage that was asked about the corpus; files: how many it holds; missed: unsafe
    ones that no stage stopped though the one that must was asked; false_alarms: honest ones that were
    stopped; loops and proposals: of the null arena, and promoting: loops that promoted anything.
    """

    through: str
    files: int
    missed: int
    false_alarms: int
    loops: int
    proposals: int
    promoting: int

    def __post_init__(self) -> None:
        if min(self.files, self.loops, self.proposals) < 1:
            raise ValueError("a judge is examined on at least one file, loop and proposal")
        if min(self.missed, self.false_alarms, self.promoting) < 0:
            raise ValueError("what an examination counts is at least 0")
        if self.missed + self.false_alarms > self.files or self.promoting > self.loops:
            raise ValueError("an examination cannot count more than there was")
