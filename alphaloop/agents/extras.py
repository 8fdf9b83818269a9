"""The repository's own metrics, `metrics/*.sql`: SQL over what was played, for people only."""

import re
from collections.abc import Collection, Iterable, Iterator

from alphaloop.errors import AlphaLoopError, BadConfiguration
from alphaloop.facts.extra import Extra
from alphaloop.market.store.ask import ask
from alphaloop.ports import Desk

FOLDER = re.compile(r"metrics/[^/]+\.sql")
MOST_FILES = 16
LONGEST_BYTES = 16_384
MOST_ROWS = 50
WALL_S = 30.0
_COMMENT = re.compile(r"\s*--(.*)")


def extras(desk: Desk, commit: str, journals: Collection[str]) -> Iterator[Extra]:
    """What every query of `commit` answers of the runs whose keys are `journals`, and of the store's tapes.

    The blob is asked, never a checkout.  A query that fails, or needs too much, says so and stops no other.
    """
    for place, path in enumerate(sorted(path for path in desk.forge.files(commit) if FOLDER.fullmatch(path))):
        if place < MOST_FILES:
            yield _extra(desk, commit, path, journals)
        else:
            yield Extra(
                path, wrong=f"it is not asked: a repository has up to {MOST_FILES} metrics of its own"
            )


def unanswered(desk: Desk, commit: str, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each of `paths` that is a metric in `commit` and cannot even ask an empty store, with the reason."""
    there = desk.forge.files(commit)
    for path in sorted(path for path in paths if FOLDER.fullmatch(path) and path in there):
        try:
            ask(desk.store / "empty", _text(desk.forge.file(commit, path)), MOST_ROWS, WALL_S)
        except AlphaLoopError as refused:
            yield path, str(refused)


def _extra(desk: Desk, commit: str, path: str, journals: Collection[str]) -> Extra:
    about = ""
    try:
        sql = _text(desk.forge.file(commit, path))
        about = described(sql)
        if not journals:
            return Extra(path, about, wrong="nothing that was played is kept here to ask")
        answer = ask(desk.store, sql, MOST_ROWS, WALL_S, journals)
    except AlphaLoopError as refused:
        return Extra(path, about, wrong=str(refused))
    return Extra(path, about, answer.columns, answer.rows, answer.cut)


def described(sql: str) -> str:
    """The comment lines that a query begins with, as one line."""
    lines = []
    for line in sql.splitlines():
        comment = _COMMENT.fullmatch(line)
        if comment is None:
            break
        lines.append(comment[1].strip())
    return " ".join(lines)


def _text(source: bytes) -> str:
    if len(source) > LONGEST_BYTES:
        raise BadConfiguration(f"it has {len(source)} bytes, more than {LONGEST_BYTES}: ask for less at once")
    try:
        return source.decode()
    except UnicodeDecodeError as wrong:
        raise BadConfiguration(f"it is not UTF-8 ({wrong}): save it again") from wrong
