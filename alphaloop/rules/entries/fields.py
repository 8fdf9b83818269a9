"""Strict reading of a body's fields: what is missing or of another type raises Untrusted, and says where."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Entry, Kind


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object inside an entry, with the place that an error names."""

    values: Mapping[str, Any]
    where: str

    def text(self, name: str) -> str:
        """The string called `name`."""
        value = self._there(name)
        return value if isinstance(value, str) else self._refuse(name, "text")

    def whole(self, name: str) -> int:
        """The whole number called `name`; true and false are none."""
        value = self._there(name)
        return (
            value
            if isinstance(value, int) and not isinstance(value, bool)
            else self._refuse(name, "a whole number")
        )

    def number(self, name: str) -> float:
        """The finite number called `name`."""
        value = self.maybe(name)
        return self._refuse(name, "a finite number") if value is None else value

    def maybe(self, name: str) -> float | None:
        """The finite number called `name`, or None where the entry says that it is missing."""
        value = self._there(name)
        return None if value is None else finite(value, f"{self.where}, {name}")

    def flag(self, name: str) -> bool:
        """The truth value called `name`."""
        value = self._there(name)
        return value if isinstance(value, bool) else self._refuse(name, "true or false")

    def list(self, name: str) -> list[Any]:
        """The list called `name`."""
        value = self._there(name)
        return list(value) if isinstance(value, list | tuple) else self._refuse(name, "a list")

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of strings called `name`."""
        values = self.list(name)
        return (
            tuple(values) if all(isinstance(value, str) for value in values) else self._refuse(name, "texts")
        )

    def inner(self, name: str) -> "Fields":
        """The object called `name`."""
        return within(self._there(name), f"{self.where}, {name}")

    def rows(self, name: str) -> tuple["Fields", ...]:
        """The list of objects called `name`."""
        return tuple(within(row, f"{self.where}, {name} {i}") for i, row in enumerate(self.list(name)))

    def _there(self, name: str) -> Any:
        if name not in self.values:
            raise Untrusted(f"{self.where} lacks the field {name!r}; find out who wrote it")
        return self.values[name]

    def _refuse(self, name: str, wanted: str) -> Any:
        raise Untrusted(f"{self.where}: {name} is not {wanted}; find out who wrote it")


def body_of(entry: Entry, kind: Kind) -> Fields:
    """The fields of an entry of `kind`; another kind is Untrusted."""
    where = f"ledger entry {entry.number} ({entry.kind})"
    if entry.kind is not kind:
        raise Untrusted(f"{where} is no {kind} entry")
    return within(entry.body, where)


def within(value: object, where: str) -> Fields:
    """`value` as an object with named fields."""
    if not isinstance(value, Mapping):
        raise Untrusted(f"{where} is no object with named fields; find out who wrote it")
    return Fields(value, where)


def finite(value: object, where: str) -> float:
    """`value` as a finite float; a whole number too large for one is refused."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1023:
        return float(value)
    raise Untrusted(f"{where} is no finite number; find out who wrote it")
