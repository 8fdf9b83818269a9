"""What people do to a pull request beside speaking: make it a draft or ready, close it, reopen it."""

from collections.abc import Iterable

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.mark import Mark
from alphaloop.facts.role import is_human
from alphaloop.rules.entries.fields import Fields, body_of


def mark(number: int, done: Mark, head: str, base: str, event: str) -> Draft:
    """A mark on pull request `number` as it stands; event: the key by which the conversation tells of it."""
    body = {"change": number, "mark": str(done), "head": head, "base": base, "event": event}
    return Draft(Kind.MARK, f"mark:{event}", f"#{number} {done}", body)


def mark_of(entry: Entry) -> Mark:
    """The mark that `entry` carries."""
    return _mark(body_of(entry, Kind.MARK))


def is_closed(entries: Iterable[Entry], number: int) -> bool:
    """Whether `number` was closed, and not reopened since."""
    closed = False
    for entry in entries:
        if entry.kind is Kind.CLOSED and body_of(entry, Kind.CLOSED).whole("change") == number:
            closed = True
        elif _marked(entry, number) is Mark.REOPENED:
            closed = False
    return closed


def is_draft(entries: Iterable[Entry], number: int) -> bool:
    """Whether `number` is a draft: its author does not want it to land yet."""
    draft = False
    for entry in entries:
        done = _marked(entry, number)
        draft = done is Mark.DRAFTED if done in (Mark.DRAFTED, Mark.READIED) else draft
    return draft


def _marked(entry: Entry, number: int) -> Mark | None:
    # A seat that could say "ready" would undo what a person meant by a draft.
    if entry.kind is not Kind.MARK or not is_human(entry.signer):
        return None
    fields = body_of(entry, Kind.MARK)
    return _mark(fields) if fields.whole("change") == number else None


def _mark(fields: Fields) -> Mark:
    word = fields.text("mark")
    if word not in list(Mark):
        raise Untrusted(f"{fields.where}: there is no mark {word!r}; find out who wrote it")
    return Mark(word)
