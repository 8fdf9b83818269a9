"""How a command speaks: one JSON object on standard output, or words; progress always on standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click


def tell(words: str) -> None:
    """Say progress to people, where no program reads it."""
    click.echo(words, err=True)


def emit(facts: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output; NaN is no JSON and never gets here."""
    sys.stdout.write(json.dumps(facts, allow_nan=False) + "\n")
    sys.stdout.flush()
