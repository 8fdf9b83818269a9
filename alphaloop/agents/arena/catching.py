"""The catch: a corpus of strategies whose nature is known, through the safety stages of the product."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from alphaloop.agents.arena.ground import ground
from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import rule_findings
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, examine
from alphaloop.errors import Misuse
from alphaloop.facts.catch import HONEST, Catch, Caught, Row
from alphaloop.facts.finding import Finding, vetoes
from alphaloop.simulation.fan_out import fanned_out

MANIFEST = "manifest.csv"
MOST_FILES = 100_000
MOST_BYTES = 16 * 1024 * 1024
_READING = STAGES[:2]
_SILENT_S = 5.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of strategies with its manifest."""

    folder: Path
    rows: tuple[Row, ...]


def corpus_in(folder: Path, category: str | None) -> Corpus:
    """The corpus of `folder`, or its files of one category; raises Misuse where there is none.

    A wheel brings no tests, and so no corpus: a clone of the repository has it.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise Misuse(
            f"there is no corpus in {folder}: it needs a {MANIFEST} of file, category and stage. "
            "An installed alphaloop has none; clone its repository and run this there, or say --corpus DIR"
        )
    with manifest.open(encoding="utf-8", errors="strict") as listed:
        rows = tuple(_rows(folder, csv.DictReader(listed)))
    chosen = tuple(row for row in rows if category in (None, row.category))
    if not chosen:
        there = ", ".join(sorted({row.category for row in rows}))
        raise Misuse(f"{manifest} has no file of category {category!r}; it has {there or 'none at all'}")
    return Corpus(folder, chosen)


def caught(corpus: Corpus, through: str, tell: Tell) -> Catch:
    """Judge every file by the stages up to `through`; raises Misuse for an unknown one."""
    if through not in STAGES:
        raise Misuse(f"there is no safety stage {through!r}; choose one of {', '.join(STAGES)}")
    stages = STAGES[: STAGES.index(through) + 1]
    numbers = range(len(corpus.rows))
    fates = fanned_out(partial(_fate, corpus, through), numbers, len(os.sched_getaffinity(0)))
    return Catch(stages, tuple(_told(fates, len(corpus.rows), tell)))


def _rows(folder: Path, listed: "csv.DictReader[str]") -> Iterator[Row]:
    try:
        if not {"file", "category", "stage"} <= set(listed.fieldnames or ()):
            raise Misuse(f"{folder / MANIFEST}: its columns must be file, category and stage")
        for number, row in enumerate(listed, 2):
            if number > MOST_FILES:
                raise Misuse(f"{folder / MANIFEST} lists over {MOST_FILES} files; split it")
            yield _row(folder, number, Row(row["file"] or "", row["category"] or "", row["stage"] or ""))
    except (csv.Error, UnicodeDecodeError) as wrong:
        raise Misuse(f"{folder / MANIFEST} is no table: {wrong}") from wrong


def _row(folder: Path, number: int, row: Row) -> Row:
    where = f"{folder / MANIFEST}:{number}"
    path = (folder / row.file).resolve()
    if not row.file or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Misuse(f"{where}: {row.file!r} is no file in {folder}")
    if (row.category in HONEST) == bool(row.stage) or (row.stage and row.stage not in STAGES):
        raise Misuse(
            f"{where}: {row.file} is {row.category!r} and its stage {row.stage!r}; an honest file ("
            f"{', '.join(HONEST)}) has none, any other one of {', '.join(STAGES)}"
        )
    return row


def _fate(corpus: Corpus, through: str, number: int) -> Caught:
    row = corpus.rows[number]
    with (corpus.folder / row.file).open("rb") as file:
        source = file.read(MOST_BYTES)
    venue = ground("book").venue
    subject = Subject("strategy.py", source, None, venue.limits)
    for stage, findings in zip(_READING, (bytes_findings, rule_findings), strict=True):
        found = vetoes(findings(subject))
        if found:
            return Caught(row, stage, _rules(found))
        if stage == through:
            return Caught(row, "", ())
    looked = examine(subject, venue, through, lambda words: None)
    found = vetoes(looked.findings)
    return Caught(row, list(looked.seconds)[-1] if found else "", _rules(found))


def _rules(found: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.check for finding in found))


def _told(fates: Iterator[Caught], count: int, tell: Tell) -> Iterator[Caught]:
    told_s = monotonic()
    for number, fate in enumerate(fates, 1):
        yield fate
        if number == count or monotonic() - told_s > _SILENT_S:
            told_s = monotonic()
            tell(f"  {number} of {count} files")
