"""Inside the sandbox: a pytest plugin that counts, and remembers what failed."""

import pytest

from alphaloop.sandbox.report import Report
from alphaloop.sandbox.wire import printable

_RANK = {"passed": 0, "skipped": 1, "failed": 2}


class Tally:
    """Counts each test once, by the worst of its phases."""

    def __init__(self) -> None:
        self._collected = 0
        self._outcomes: dict[str, str] = {}
        self._words: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is going to run, after everything that deselects."""
        self._collected = len(session.items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected is a failure."""
        if report.failed:
            self._note(report.nodeid, "failed", report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase of one test has ended."""
        self._note(report.nodeid, report.outcome, report)

    def report(self) -> Report:
        """How the session went."""
        outcomes = list(self._outcomes.values())
        passed, failed, skipped = (outcomes.count(outcome) for outcome in ("passed", "failed", "skipped"))
        return Report(self._collected, passed, failed, skipped, "\n".join(self._words))

    def _note(self, node: str, outcome: str, report: pytest.CollectReport | pytest.TestReport) -> None:
        if _RANK[outcome] >= _RANK[self._outcomes.get(node, "passed")]:
            self._outcomes[node] = outcome
        if outcome == "failed":
            last = str(report.longreprtext).strip().splitlines()[-1:] or [""]
            self._words.append(printable(f"{node}: {_crash(report) or last[0]}", 300))


def _crash(report: pytest.CollectReport | pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message).splitlines()[0] if crash is not None and crash.message else ""
