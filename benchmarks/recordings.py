"""Where the recorded exchange messages lie: in the same place as for the tests."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def recordings() -> Path | None:
    """The folder that ALPHALOOP_TAPES names, else the one beside the repository; None when there is none."""
    named = os.environ.get("ALPHALOOP_TAPES")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if named and not folder.is_dir():
        raise SystemExit(f"ALPHALOOP_TAPES={named} is not a folder")
    return folder if folder.is_dir() else None
