"""One of many processes that talk in one pull request: python hammer.py FOLDER NAME SECONDS.

Says each thing twice, as a run that was killed would, and prints the key of all that was acknowledged.
"""

import sys
import time
from pathlib import Path

from alphaloop.forge.local import LocalForge


def main(folder: Path, name: str, seconds: float) -> None:
    """Comment until the time is over."""
    forge = LocalForge(folder)
    author = {"0": "risk", "1": "human:ann"}.get(name, "quant")
    until = time.monotonic() + seconds
    said = 0
    while time.monotonic() < until or not said:
        text = f"{name} says {said}"
        for _ in range(2):
            forge.comment(1, author, text, f"{name}:{said}")
        sys.stdout.write(f"{text}\n")
        said += 1
    forge.shut()
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
