"""Tests as they are opened: in the ledger before the first episode, so that nobody gets one for free."""

from collections.abc import Iterable, Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.evidence import Opened, Scales
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.scales import scales_body, scales_in


def test_opened(
    entries: Sequence[Entry], change: Change, level: float, promotions: int, scales: Scales, plays: str
) -> Draft:
    """Pay `level` for a test of `change`; one test for each head on each base, for ever.

    promotions: how many tests had promoted something by now (`rules.budget.promotions`); scales: those of the
    pilot, which nobody can choose any more once they stand here; plays: the digest from which the seeds
    follow, so that the same files are the same draw whoever asks again.
    """
    number = 1 + sum(entry.kind is Kind.TEST_OPENED for entry in entries)
    body = {
        "test": number,
        "change": change.number,
        "head": change.head,
        "head_tree": change.head_tree,
        "base": change.base,
        "level": level,
        "promotions": promotions,
        "scales": scales_body(scales),
        "plays": plays,
    }
    subject = f"test {number} opened for #{change.number} at {change.head[:12]}, level {level:.3g}"
    return Draft(Kind.TEST_OPENED, f"test:{change.number}:{change.head}:{change.base}", subject, body)


def test_of(entry: Entry) -> Opened:
    """The test that `entry` opened."""
    fields = body_of(entry, Kind.TEST_OPENED)
    try:
        return Opened(
            entry=entry.commit,
            number=fields.whole("test"),
            change=fields.whole("change"),
            head=fields.text("head"),
            head_tree=fields.text("head_tree"),
            base=fields.text("base"),
            level=fields.number("level"),
            promotions=fields.whole("promotions"),
            scales=scales_in(fields.inner("scales")),
            plays=fields.text("plays"),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def tests(entries: Iterable[Entry]) -> tuple[Opened, ...]:
    """Every test ever opened, in the ledger's order."""
    return tuple(test_of(entry) for entry in entries if entry.kind is Kind.TEST_OPENED)


def test_for(entries: Iterable[Entry], change: Change) -> Opened | None:
    """The test that was opened for this very head on this very base, or None."""
    wanted = (change.number, change.head, change.base)
    return next((test for test in tests(entries) if (test.change, test.head, test.base) == wanted), None)
