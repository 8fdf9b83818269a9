"""The labels of a pull request, read off its conversation: for people, and nothing is decided by them."""

from collections.abc import Iterable

from alphaloop.ports import Said


def labels(said: Iterable[Said]) -> tuple[str, ...]:
    """The labels that are on now, in the order in which they were put on."""
    on: dict[str, None] = {}
    for event in said:
        if event.verb == "labelled":
            on[event.text] = None
        elif event.verb == "unlabelled":
            on.pop(event.text, None)
    return tuple(on)
