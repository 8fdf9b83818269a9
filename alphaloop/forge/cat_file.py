"""The conversation with `git cat-file --batch`: many objects a question, and one process for them all."""

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import git

# A question must fit into an empty pipe whole, of which POSIX promises 512 bytes and Linux one page: git may
# be waiting for us to read an answer, and would never read the rest of it.
_QUESTION_BYTES = 4096
CONTENTS, INFO = "contents", "info"


class Answer(NamedTuple):
    """What git says of one name: the object's id, its kind, and its content where that was asked for."""

    id: str
    kind: str
    content: bytes


class CatFile:
    """Runs from the first question until `close`; after an interrupted answer it is started anew."""

    def __init__(self, start: Callable[[Sequence[str]], git.Git.AutoInterrupt]) -> None:
        self._start = start
        self._owner = os.getpid()
        self._running: git.Git.AutoInterrupt | None = None

    def ask(self, names: Sequence[str], what: str = CONTENTS) -> list[Answer | None]:
        """One answer for each name, None where there is no such object; what: `CONTENTS` or `INFO`.

        Raises OSError or ValueError when git dies or stammers, as it does at a damaged object.
        """
        answers: list[Answer | None] = []
        healthy = False
        try:
            for question in _questions([_asking(what, name) for name in names]):
                answers += self._asked(question, what)
            healthy = True
        finally:
            # After an interrupted question the next answer would belong to the last one.
            if not healthy:
                self.close()
        return answers

    def close(self) -> None:
        """End the process."""
        running, self._running = self._running, None
        if running is not None and self._owner == os.getpid():
            running.__del__()

    def _asked(self, question: Sequence[str], what: str) -> list[Answer | None]:
        process = self._process()
        process.stdin.write("".join([*question, "flush\n" if _flushes() else ""]).encode())
        process.stdin.flush()
        follows = what == CONTENTS or not _flushes()
        return [_answer(process, follows) for _ in question]

    def _process(self) -> git.Git.AutoInterrupt:
        # A forked child must not talk into its parent's pipes.
        if self._owner != os.getpid():
            self._owner, self._running = os.getpid(), None
        if self._running is None:
            self._running = self._start(("--batch-command", "--buffer") if _flushes() else ("--batch",))
        return self._running


def _questions(lines: Sequence[str]) -> list[list[str]]:
    """The lines in portions that fit, each with room for a last word."""
    questions: list[list[str]] = [[]]
    size = 0
    for line in lines:
        size += len(line)
        if size > _QUESTION_BYTES - len("flush\n"):
            questions.append([])
            size = len(line)
        questions[-1].append(line)
    return questions


def _asking(what: str, name: str) -> str:
    return f"{what} {name}\n" if _flushes() else f"{name}\n"


@cache
def _flushes() -> bool:
    """Whether git (2.36) can hold its answers back until a question ends: else each one wakes us."""
    return git.Git().version_info >= (2, 36)


def _answer(process: git.Git.AutoInterrupt, follows: bool) -> Answer | None:
    head = process.stdout.readline().decode("utf-8", "replace")
    if head.endswith(" missing\n"):
        return None
    identity, kind, size = head.split()
    if not follows:
        return Answer(identity, kind, b"")
    content = process.stdout.read(int(size) + 1)
    if len(content) != int(size) + 1:
        raise EOFError(f"git ended in the middle of {identity}")
    return Answer(identity, kind, content[:-1])
