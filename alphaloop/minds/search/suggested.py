"""Which hypothesis somebody's words name; the words are compared and never obeyed."""

import re
from collections.abc import Iterable, Iterator, Sequence

from alphaloop.facts.suggestion import Suggestion
from alphaloop.minds.search.idea import Idea

_WORD = re.compile(r"[a-z0-9_]+")


def suggested(suggestions: Iterable[Suggestion], known: Sequence[Idea]) -> Iterator[tuple[Idea, int]]:
    """Each idea that a suggestion names by its key, with the suggestion's number; the oldest first.

    Of two keys in the same words the longer one is meant.  Words that name nothing wait for somebody who
    reads them.
    """
    by_length = sorted(known, key=lambda idea: -len(idea.key))
    for suggestion in suggestions:
        words = _plain(suggestion.words)
        named = next((idea for idea in by_length if f" {_plain(idea.key)} " in f" {words} "), None)
        if named is not None:
            yield named, suggestion.number


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.lower()))
