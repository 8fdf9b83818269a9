"""YAML without surprises: no aliases, tags, duplicate keys or second documents; every value knows its line.

Values stay text until a reader asks for a number or a truth value, so that `1e-4`, `on` or `12:30` never turn
into something else on the way.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

import yaml

from alphaloop.errors import BadConfiguration

T = TypeVar("T")

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
NUMBER = r"[-+]?[0-9]+(_[0-9]+)*(\.[0-9]*)?([eE][-+]?[0-9]{1,3})?"
_NUMBER = re.compile(NUMBER)

_RESOLVER = yaml.SafeLoader("")
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: text, a list of nodes, or a mapping from text to node; `line` counts from 1."""

    file: str
    line: int
    value: "str | tuple[Node, ...] | Mapping[str, Node]"
    quoted: bool = False

    def error(self, words: str) -> BadConfiguration:
        """An error that names this place."""
        return BadConfiguration(f"{self.file}:{self.line}: {words}")

    def mapping(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Mapping[str, "Node"]:
        """The mapping here; raises BadConfiguration for an unknown or a missing key."""
        nodes = self.entries()
        for key, node in nodes.items():
            if key not in (*required, *optional):
                raise node.error(f"there is no {key!r} here{meant(key, (*required, *optional))}")
        lacking = [key for key in required if key not in nodes]
        if lacking:
            raise self.error(f"{', '.join(map(repr, lacking))} is missing; add it")
        return nodes

    def entries(self) -> Mapping[str, "Node"]:
        """The mapping here, whatever its keys."""
        if not isinstance(self.value, Mapping):
            raise self.error("write `name: value` lines here")
        return self.value

    def items(self) -> tuple["Node", ...]:
        """The list here."""
        if not isinstance(self.value, tuple):
            raise self.error("write a list here, as in [a, b]")
        return self.value

    def text(self) -> str:
        """The text here, which is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("write text here")
        return self.value

    def words(self) -> str:
        """Text here that every reader of YAML takes for text as well: `5`, `no` or `~` must be quoted."""
        text = self.text()
        if not self.quoted and _kind(text) != _TEXT:
            raise self.error(f"{text!r} is read as something else than text; put it in quotes")
        return text

    def number(self) -> float:
        """The finite decimal number here."""
        if isinstance(self.value, str) and not self.quoted and _NUMBER.fullmatch(self.value):
            number = float(self.value)
            if math.isfinite(number):
                return number
        raise self.error(f"write a finite decimal number here, not {_shown(self.value)}")

    def whole(self) -> int:
        """The whole number here."""
        number = self.number()
        if not number.is_integer():
            raise self.error(f"write a whole number here, not {_shown(self.value)}")
        return int(number)

    def flag(self) -> bool:
        """The truth value here: true or false, nothing else."""
        if self.value in ("true", "false") and not self.quoted:
            return self.value == "true"
        raise self.error(f"write true or false here, not {_shown(self.value)}")


def load(file: str, content: bytes) -> Node:
    """The document in `content`; BadConfiguration with the line for anything that is not plain YAML."""
    if len(content) > MAX_BYTES:
        raise BadConfiguration(
            f"{file}: it has {len(content)} bytes, the limit is {MAX_BYTES}; make it shorter"
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise BadConfiguration(f"{file}:{line}: this is not UTF-8; save the file as UTF-8") from wrong
    try:
        _refuse_surprises(file, text)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = f":{mark.line + 1}" if mark else ""
        raise BadConfiguration(
            f"{file}{place}: not YAML: {wrong.problem or wrong.context}; correct it"
        ) from wrong
    except yaml.YAMLError as wrong:
        raise BadConfiguration(f"{file}: not YAML: {wrong}; correct it") from wrong
    if tree is None:
        raise BadConfiguration(f"{file}: the file is empty; write it, or take it from the template")
    return _plain(file, tree)


def meant(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest of `known`, or the list of them."""
    words = tuple(known)
    near = get_close_matches(word, words, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(words)}"


def born(node: Node, make: Callable[[], T]) -> T:
    """What `make` makes; a fact that refuses its values does so at the place of `node`."""
    try:
        return make()
    except ValueError as wrong:
        raise node.error(f"{wrong}; correct it") from wrong


def _refuse_surprises(file: str, text: str) -> None:
    """Look at the events before any tree is built, because a tree of aliases or of depth can be huge."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        where = f"{file}:{event.start_mark.line + 1}" if event.start_mark else file
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadConfiguration(f"{where}: anchors and aliases are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag:
            raise BadConfiguration(f"{where}: tags such as {tag} are not allowed; remove it")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise BadConfiguration(f"{where}: nested deeper than {MAX_DEPTH}; make it flatter")


def _kind(text: str) -> str:
    """What YAML takes an unquoted word for, as a tag."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag


def _plain(file: str, node: yaml.Node) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Node(file, line, node.value, quoted=node.style is not None)
    if isinstance(node, yaml.SequenceNode):
        return Node(file, line, tuple(_plain(file, item) for item in node.value))
    return Node(file, line, _mapped(file, node))


def _mapped(file: str, node: yaml.Node) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            raise BadConfiguration(f"{file}:{line}: a key is one word")
        if key.value in found:
            raise BadConfiguration(f"{file}:{line}: {key.value!r} is there twice; keep one")
        plain = _plain(file, value)
        # The key's line is what a reader looks for when the value begins further down.
        found[key.value] = Node(file, line, plain.value, plain.quoted)
    return found


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else "a list or mapping"
