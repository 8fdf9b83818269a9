"""Changes as they were opened, pushed and closed."""

from collections.abc import Iterable, Mapping
from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.change import Change, Scaling, Touched
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.rules.entries.fields import Fields, body_of

PLANNER = "quant"
"""Whose word it is what a turn proposes and why: what others write of it is no plan and no hypothesis."""


def change_opened(change: Change, hypothesis: Hypothesis | None, turn: int) -> Draft:
    """A change at one head, and what its author believes; a push is recorded as another entry.

    turn: the turn that proposed it, 0 for a person's own change.
    """
    body = {"turn": turn, "change": change_body(change), "hypothesis": hypothesis_body(hypothesis)}
    subject = f"change #{change.number} by {change.author}: {change.title}"
    return Draft(Kind.CHANGE, f"change:{change.number}:{change.head}", subject, body)


def closed(number: int, why: str) -> Draft:
    """A change that ends without a merge."""
    return Draft(
        Kind.CLOSED, f"closed:{number}", f"change #{number} closed: {why}", {"change": number, "why": why}
    )


def change_of(entry: Entry) -> Change:
    """The change as it stood when `entry` was written."""
    return change_in(body_of(entry, Kind.CHANGE).inner("change"))


def turn_of_change(entry: Entry) -> int:
    """The turn that proposed the change."""
    return body_of(entry, Kind.CHANGE).whole("turn")


def change_of_turn(entries: Iterable[Entry], turn: int) -> Change | None:
    """The change that turn number `turn` opened, or None while it has not."""
    opened = (entry for entry in entries if entry.kind is Kind.CHANGE and entry.signer == PLANNER)
    return next((change_of(entry) for entry in opened if turn_of_change(entry) == turn), None)


def hypothesis_of(entry: Entry) -> Hypothesis | None:
    """What the change's author believed, None for a change without a hypothesis."""
    fields = body_of(entry, Kind.CHANGE)
    if fields.values.get("hypothesis") is None:
        return None
    return hypothesis_in(fields.inner("hypothesis"))


def hypothesis_of_change(entries: Iterable[Entry], number: int) -> Hypothesis | None:
    """The hypothesis that change `number` was opened with; a later push does not rewrite it."""
    opened = (entry for entry in entries if entry.kind is Kind.CHANGE and entry.signer == PLANNER)
    first = next((entry for entry in opened if change_of(entry).number == number), None)
    return None if first is None else hypothesis_of(first)


def change_body(change: Change) -> Mapping[str, Any]:
    """All that the gate may read of a change, as JSON values; scaling: only where it is one."""
    return {
        "number": change.number,
        "author": change.author,
        "title": change.title,
        "branch": change.branch,
        "base": change.base,
        "head": change.head,
        "head_tree": change.head_tree,
        "touched": [[touch.path, touch.mode, touch.committer, touch.commit] for touch in change.touched],
        "based": change.based,
        "twins": list(change.twins),
        **({} if change.scaling is None else {"scaling": _scaling_body(change.scaling)}),
    }


def change_in(fields: Fields) -> Change:
    """The change that `change_body` wrote."""
    rows = [Fields(dict(_named(row)), fields.where) for row in fields.list("touched")]
    touched = tuple(Touched(*(row.text(name) for name in _TOUCHED)) for row in rows)
    return Change(
        number=fields.whole("number"),
        author=fields.text("author"),
        title=fields.text("title"),
        branch=fields.text("branch"),
        base=fields.text("base"),
        head=fields.text("head"),
        head_tree=fields.text("head_tree"),
        touched=touched,
        based=fields.flag("based"),
        twins=fields.texts("twins"),
        scaling=_scaling_in(fields.inner("scaling")) if "scaling" in fields.values else None,
    )


def _scaling_body(scaling: Scaling) -> Mapping[str, Any]:
    return {"before": scaling.before, "after": scaling.after, "signers": list(scaling.signers)}


def _scaling_in(fields: Fields) -> Scaling:
    try:
        return Scaling(fields.number("before"), fields.number("after"), fields.texts("signers"))
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


_TOUCHED = ("path", "mode", "committer", "commit")


def _named(row: object) -> Iterable[tuple[str, object]]:
    """A row of `touched` with its columns' names; a row of another length lacks or loses a field."""
    return (
        zip(_TOUCHED, row, strict=False)
        if isinstance(row, list | tuple) and len(row) == len(_TOUCHED)
        else ()
    )


def hypothesis_body(hypothesis: Hypothesis | None) -> Mapping[str, Any] | None:
    """A hypothesis as JSON values; idea: only where it takes one up."""
    if hypothesis is None:
        return None
    return {
        "key": hypothesis.key,
        "claim": hypothesis.claim,
        "metric": hypothesis.metric,
        "predicted": hypothesis.predicted,
        "params": dict(hypothesis.params),
        "trials": hypothesis.trials,
        **({} if hypothesis.idea is None else {"idea": hypothesis.idea}),
    }


def hypothesis_in(fields: Fields) -> Hypothesis:
    """The hypothesis that `hypothesis_body` wrote."""
    params = fields.inner("params")
    return Hypothesis(
        key=fields.text("key"),
        claim=fields.text("claim"),
        metric=fields.text("metric"),
        predicted=fields.maybe("predicted"),
        params={name: params.number(name) for name in params.values},
        trials=fields.whole("trials"),
        idea=fields.whole("idea") if "idea" in fields.values else None,
    )
