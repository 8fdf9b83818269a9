"""roles.yaml as a JSON Schema, for editors: made of the same facts by which the file is read.

The reader is stricter: it also refuses keys that stand twice, aliases and tags, humans that differ in case
only, numbers without end, and names that mean another file on some systems.  Who the schema refuses, the
reader refuses.
"""

from typing import Any

from alphaloop.facts.constitution import RELATIONS
from alphaloop.facts.role import Power
from alphaloop.rules.constitution.roles import ACTING, LOGIN, METRICS, MOST_REFUSALS, SEATS
from alphaloop.rules.constitution.segregation import APART, MUST, ONLY
from alphaloop.rules.constitution.strict_yaml import NUMBER
from alphaloop.rules.paths import CONSTITUTION, MAX_LENGTH

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_PART = "[A-Za-z0-9._*][A-Za-z0-9._*-]*"
_NO_TRICKS = r"(?!.*(^|/)\.[gG][iI][tT](/|$))(?!.*\.(/|$))"
_ANY_PATH = f"^{_NO_TRICKS}{_PART}(/{_PART})*$"
_OWN_PATH = f"^{_NO_TRICKS}(?!keys(/|$))(?!\\.github(/|$))[A-Za-z0-9._][A-Za-z0-9._-]*(/{_PART})*$"
_ABOVE = (">", ">=")


def roles_schema() -> Schema:
    """The whole schema, as JSON values."""
    seats = {name: _seat(name) for name in SEATS}
    parts = {
        "humans": {
            "description": "logins; each has a key in the ledger",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": f"^{LOGIN}$"},
        },
        "escalate_after": {
            "description": "refusals of the same hypothesis before it goes to a human",
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_REFUSALS,
        },
        "seats": _closed(seats, list(SEATS)),
        "targets": _closed({metric: _relation(tuple(RELATIONS)) for metric in METRICS}, []),
        "thresholds": _closed(
            {metric: _relation(_ABOVE if metric in ACTING else tuple(RELATIONS)) for metric in METRICS},
            list(ACTING),
        ),
    }
    return {"$schema": DRAFT, "title": "roles.yaml of AlphaLoop", **_closed(parts, list(parts))}


def _seat(name: str) -> Schema:
    parts = {
        "persona": {"type": "string", "pattern": r"\S"},
        "writes": {"type": "array", "uniqueItems": True, "items": _writable(name)},
        "reviews": {
            "type": "array",
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": MAX_LENGTH, "pattern": _ANY_PATH},
        },
        "powers": _powers(name),
    }
    judging = {"contains": {"enum": [Power.REVIEW.value, Power.VETO.value]}}
    reviews = [{"properties": {"reviews": {"maxItems": 0}}}, {"properties": {"powers": judging}}]
    return {**_closed(parts, list(parts)), "anyOf": reviews}


def _writable(name: str) -> Schema:
    """A path pattern that seat `name` may write: never the constitution, and of agents/ its own policy."""
    return {
        "type": "string",
        "maxLength": MAX_LENGTH,
        "pattern": _OWN_PATH,
        "not": {"enum": list(CONSTITUTION)},
        "anyOf": [{"const": f"agents/{name}/POLICY.md"}, {"not": {"pattern": "^agents(/|$)"}}],
    }


def _powers(name: str) -> Schema:
    allowed = [power.value for power in Power if ONLY.get(power, name) == name]
    needed = [{"contains": {"const": power.value}} for power in MUST.get(name, ())]
    apart = [
        {
            "description": why,
            "not": {"allOf": [{"contains": {"const": one.value}}, {"contains": {"const": other.value}}]},
        }
        for one, other, why in APART
    ]
    return {"type": "array", "uniqueItems": True, "items": {"enum": allowed}, "allOf": [*needed, *apart]}


def _relation(relations: tuple[str, ...]) -> Schema:
    return {"type": "string", "pattern": rf"^\s*({'|'.join(relations)})\s*{NUMBER}\s*$"}


def _closed(parts: Schema, required: list[str]) -> Schema:
    """An object that holds nothing else than `parts`."""
    return {"type": "object", "properties": parts, "required": required, "additionalProperties": False}
