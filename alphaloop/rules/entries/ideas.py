"""What somebody asked the desk to try."""

from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.rules.entries.fields import body_of


def idea(by: str, words: str, number: int, comment: str) -> Draft:
    """An idea said on pull request `number`; the same comment is recorded once."""
    body = {"by": by, "idea": words, "change": number}
    return Draft(Kind.IDEA, f"idea:{comment}", f"{by} proposes: {words}", body)


def idea_of(entry: Entry) -> tuple[str, str, int]:
    """Who said it, the idea, and the pull request on which it was said."""
    fields = body_of(entry, Kind.IDEA)
    return fields.text("by"), fields.text("idea"), fields.whole("change")
