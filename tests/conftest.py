"""What every test may rely on: recorded tapes, reproducible properties, and skips that are seen."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent

# No deadline: a shared or cold machine must not fail a property that holds.
settings.register_profile("dev", deadline=None)
# The same examples on every run, so that a red build is about the change and not about the day.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))


@pytest.fixture(scope="session")
def tapes() -> Path:
    """The folder of recorded exchange messages.

    They are not part of the repository, so a clone that stands alone skips what needs them.
    """
    named = os.environ.get("ALPHALOOP_TAPES")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(f"ALPHALOOP_TAPES={named} is not a folder")
    pytest.skip("no recorded market data: set ALPHALOOP_TAPES to the folder that holds it")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was not tested, and why, even under --quiet."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if not skipped:
        return
    terminalreporter.section(f"NOT TESTED HERE: {skipped.total()} skipped", sep="!", yellow=True, bold=True)
    for reason, count in skipped.most_common():
        terminalreporter.write_line(f"{count:5d}  {reason}", yellow=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    # A skip is reported as (path, line, "Skipped: why").
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return text.removeprefix("Skipped: ")
