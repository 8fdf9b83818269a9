"""What somebody asked the desk to try, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence

from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.suggestion import LONGEST, Suggestion
from alphaloop.rules.entries.changes import PLANNER, change_of, hypothesis_of
from alphaloop.rules.entries.fields import body_of

MOST = 20
"""Suggestions that wait, as a mind is shown them; the oldest first, so that each has its turn."""


def idea(by: str, words: str, number: int, comment: str) -> Draft:
    """An idea said on pull request `number`; the same comment is recorded once."""
    body = {"by": by, "idea": words, "change": number}
    return Draft(Kind.IDEA, f"idea:{comment}", f"{by} proposes: {words}", body)


def suggestion_of(entry: Entry) -> Suggestion:
    """The idea that `entry` carries, by whoever signed it; longer words than the door takes are cut."""
    fields = body_of(entry, Kind.IDEA)
    words = fields.text("idea")[:LONGEST] or "(no words)"
    return Suggestion(entry.number, entry.signer, words, fields.whole("change"))


def waiting(entries: Sequence[Entry]) -> tuple[Suggestion, ...]:
    """The oldest suggestions that no change has taken up yet, at most `MOST`."""
    taken = tried_in(entries)
    open_ones = (one for one in entries if one.kind is Kind.IDEA and one.number not in taken)
    return tuple(suggestion_of(one) for _, one in zip(range(MOST), open_ones, strict=False))


def tried_in(entries: Iterable[Entry]) -> Mapping[int, int]:
    """Which change takes up which suggestion: the suggestion's entry → the change's number, the last one."""
    tried: dict[int, int] = {}
    for entry in entries:
        planned = entry.kind is Kind.CHANGE and entry.signer == PLANNER
        hypothesis = hypothesis_of(entry) if planned else None
        if hypothesis is not None and hypothesis.idea is not None:
            tried[hypothesis.idea] = change_of(entry).number
    return tried
