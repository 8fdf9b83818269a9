"""Markdown from facts: tables, lists of code words, and what a docstring says first."""

import importlib
import inspect
from collections.abc import Iterable, Iterator


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table, line by line; a bar in a cell would end it, so it is drawn broken."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |"


def code(words: Iterable[str]) -> str:
    """Words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


def sentence(module: str) -> str:
    """The first paragraph of a module's docstring, on one line."""
    return first(importlib.import_module(module).__doc__)


def first(text: str | None) -> str:
    """The first paragraph of a docstring, on one line; raises LookupError for a missing one."""
    if not text:
        raise LookupError("what has no docstring cannot be described")
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())
