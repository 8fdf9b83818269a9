"""Evidence: every paired difference, with all that is needed to play it again."""

from collections.abc import Iterable
from dataclasses import fields as dataclass_fields
from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import Pair, Score
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import Fields, body_of, within
from alphaloop.rules.entries.scales import scales_body, scales_in

_SCORE = tuple(field.name for field in dataclass_fields(Score))


def evidence(made: Evidence) -> Draft:
    """A finished run; there is one for each test and each release, so the seeds cannot be shopped for."""
    body = {
        "of": made.of,
        "change": made.change,
        "head": made.head,
        "head_tree": made.head_tree,
        "base": made.base,
        "signature": made.signature,
        "scales": scales_body(made.scales),
        "pairs": {"columns": list(_SCORE), "rows": [_row(pair) for pair in made.pairs]},
        "bound": dict(made.bound),
        "judgement": judgement_body(made.judgement),
    }
    subject = (
        f"evidence on #{made.change} at {made.head[:12]}: {made.judgement.finish}, {len(made.pairs)} pairs"
    )
    return Draft(Kind.EVIDENCE, f"evidence:{made.of}", subject, body)


def evidence_of(entry: Entry) -> Evidence:
    """The evidence that `entry` carries."""
    fields = body_of(entry, Kind.EVIDENCE)
    bound = fields.inner("bound")
    try:
        return Evidence(
            of=fields.text("of"),
            change=fields.whole("change"),
            head=fields.text("head"),
            head_tree=fields.text("head_tree"),
            base=fields.text("base"),
            signature=fields.text("signature"),
            scales=scales_in(fields.inner("scales")),
            pairs=pairs_of(entry),
            bound={name: bound.text(name) for name in bound.values},
            judgement=judgement_in(fields.inner("judgement")),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def evidence_digest(entry_or_draft: Entry | Draft) -> str:
    """The digest by which a verdict names this evidence."""
    return digest(entry_or_draft.body)


def pairs_of(entry: Entry) -> tuple[Pair, ...]:
    """Every pair of the run, in the order in which it was judged."""
    pairs = body_of(entry, Kind.EVIDENCE).inner("pairs")
    if pairs.texts("columns") != _SCORE:
        raise Untrusted(
            f"{pairs.where}: the columns are not {', '.join(_SCORE)}; another alphaloop wrote this"
        )
    return tuple(_pair(row, pairs.where) for row in pairs.list("rows"))


def evidence_on(entries: Iterable[Entry], of: str) -> Entry | None:
    """The entry with the evidence that belongs to entry `of`, or None while it is not finished.

    Whoever opened a test or a release plays it: what anybody else says came of it is no evidence.
    """
    key, by = f"evidence:{of}", None
    for entry in entries:
        by = entry.signer if entry.commit == of else by
        if entry.kind is Kind.EVIDENCE and entry.key == key and entry.signer == by:
            return entry
    return None


def evidence_named(entries: Iterable[Entry], change: int, name: str) -> Entry | None:
    """The entry with the evidence on `change` whose digest is `name`, or None."""
    here = (one for one in entries if one.kind is Kind.EVIDENCE and one.body.get("change") == change)
    return next((entry for entry in here if evidence_digest(entry) == name), None)


def judgement_body(judgement: Judgement) -> dict[str, Any]:
    """A judgement as JSON values."""
    return {
        "finish": str(judgement.finish),
        "pairs": judgement.pairs,
        "evidence": judgement.evidence,
        "against": judgement.against,
        "level": judgement.level,
        "shown": list(judgement.shown),
        "missing": list(judgement.missing),
        "words": judgement.words,
    }


def judgement_in(fields: Fields) -> Judgement:
    """The judgement that `judgement_body` wrote; raises ValueError for an unknown finish."""
    return Judgement(
        finish=Finish(fields.text("finish")),
        pairs=fields.whole("pairs"),
        evidence=fields.number("evidence"),
        against=fields.number("against"),
        level=fields.number("level"),
        shown=fields.texts("shown"),
        missing=fields.texts("missing"),
        words=fields.text("words"),
    )


def _row(pair: Pair) -> list[Any]:
    return [pair.seed, _columns(pair.candidate), _columns(pair.base)]


def _columns(score: Score) -> list[Any]:
    return [getattr(score, name) for name in _SCORE]


def _pair(row: object, where: str) -> Pair:
    if not isinstance(row, list | tuple) or len(row) != 3:
        raise Untrusted(f"{where}: a pair is a seed and two scores; find out who wrote it")
    seed = within({"seed": row[0]}, where).whole("seed")
    return Pair(seed, _score(row[1], where), _score(row[2], where))


def _score(columns: object, where: str) -> Score:
    if not isinstance(columns, list | tuple) or len(columns) != len(_SCORE):
        raise Untrusted(f"{where}: a score has {len(_SCORE)} columns; find out who wrote it")
    fields = Fields(dict(zip(_SCORE, columns, strict=True)), where)
    return Score(
        objective=fields.maybe("objective"),
        pnl=fields.maybe("pnl"),
        max_drawdown=fields.maybe("max_drawdown"),
        max_abs_position=fields.maybe("max_abs_position"),
        markout_1s=fields.maybe("markout_1s"),
        filled_volume=fields.maybe("filled_volume"),
        breach=fields.text("breach"),
        digest=fields.text("digest"),
        fault=fields.text("fault"),
    )
