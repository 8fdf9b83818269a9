"""A file of imagined changes and what is expected of each, for `alphaloop policy test`."""

from alphaloop.facts.imagined import Case, Expected, Imagined
from alphaloop.rules.constitution.roles import SEATS
from alphaloop.rules.constitution.strict_yaml import MAX_BYTES, Node, born, load, meant

MOST_CASES = 1_000
LONGEST_BYTES = MAX_BYTES


def cases(file: str, content: bytes) -> tuple[Case, ...]:
    """The cases in the order of the file; raises BadConfiguration with the line of what is wrong."""
    document = load(file, content)
    listed = document.mapping(("cases",))["cases"].items()
    if not 0 < len(listed) <= MOST_CASES:
        raise document.error(f"a file holds 1 to {MOST_CASES} cases, not {len(listed)}")
    return tuple(map(_case, listed))


def _case(node: Node) -> Case:
    fields = node.mapping(("name", "author", "expect"), ("writes", "deletes"))
    writes, deletes = (
        tuple(one.text() for one in fields[name].items()) if name in fields else ()
        for name in ("writes", "deletes")
    )
    author, name = fields["author"].text(), fields["name"].text()
    imagined = born(node, lambda: Imagined(author, writes, deletes, name))
    return Case(imagined, _expected(fields["expect"]), node.line)


def _expected(node: Node) -> Expected:
    fields = node.mapping((), ("scope", "seats", "human", "because"))
    if not fields:
        raise node.error("a case expects something; add scope, seats, human or because")
    return Expected(
        in_scope=_scope(fields["scope"]) if "scope" in fields else None,
        required=tuple(map(_seat, fields["seats"].items())) if "seats" in fields else None,
        human=fields["human"].flag() if "human" in fields else None,
        because=fields["because"].text() if "because" in fields else "",
    )


def _scope(node: Node) -> bool:
    word = node.text()
    if word not in ("in", "out"):
        raise node.error(f"scope is {word!r}{meant(word, ('in', 'out'))}")
    return word == "in"


def _seat(node: Node) -> str:
    name = node.text()
    if name not in SEATS:
        raise node.error(f"there is no seat {name!r}{meant(name, SEATS)}")
    return name
