"""Write the pages of docs/ that are made from the code, so that none drifts.

`make docs` runs this folder; tests/house/test_docs_are_current.py compares what it would write with what is
there.
"""

from collections.abc import Mapping
from pathlib import Path

from decisions import DECISIONS, decisions
from metrics import metrics
from reference import reference
from roles_schema import schema
from scenarios import scenarios
from shipped import REPOSITORY
from strategy import strategy


def pages() -> Mapping[Path, str]:
    """Every generated page: path → text."""
    docs = REPOSITORY / "docs"
    return {
        docs / "reference.md": reference(),
        docs / "strategy.md": strategy(),
        docs / "metrics.md": metrics(),
        docs / "scenarios.md": scenarios(),
        docs / "roles.schema.json": schema(),
        DECISIONS / "README.md": decisions(),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
