"""JSON with exactly one spelling, so that what is read can be compared byte by byte with what was signed."""

import json
from collections.abc import Mapping
from typing import Any

from alphaloop.errors import Misuse, Untrusted


def written(fields: Mapping[str, Any]) -> bytes:
    """The canonical bytes of `fields`; raises Misuse for what JSON cannot carry, NaN among it."""
    try:
        text = _spelled(fields)
        if json.loads(text) != _plain(fields):
            raise Misuse("a statement must survive JSON: use text keys and plain values only")
        return text.encode()
    except (TypeError, ValueError, RecursionError) as wrong:
        raise Misuse(
            f"a statement must be JSON: {wrong}; use finite numbers, text, lists and mappings"
        ) from wrong


def read(content: bytes, where: str) -> dict[str, Any]:
    """The fields of canonical bytes; raises Untrusted for any other spelling."""
    try:
        fields = json.loads(content.decode())
        canonical = isinstance(fields, dict) and _spelled(fields).encode() == content
    except (ValueError, RecursionError) as wrong:
        raise Untrusted(f"{where} is not JSON: {wrong}; find out who wrote it") from wrong
    if not canonical:
        raise Untrusted(f"{where} is not spelled canonically: find out who wrote it")
    found: dict[str, Any] = fields
    return found


def _spelled(fields: Mapping[str, Any]) -> str:
    return json.dumps(_plain(fields), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
