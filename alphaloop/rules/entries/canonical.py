"""One spelling of a body, so that its digest is the same for everybody."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from alphaloop.errors import Broken


def canonical(body: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces; floats in the shortest spelling that reads back exactly.

    Raises Broken for NaN, infinity, or anything else that JSON cannot carry.
    """
    try:
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise Broken(f"a ledger body must be finite JSON: {wrong}; a number was computed wrongly") from wrong
    return text.encode()


def digest(body: Mapping[str, Any]) -> str:
    """`sha256:…` over the canonical bytes of `body`."""
    return f"sha256:{hashlib.sha256(canonical(body)).hexdigest()}"
