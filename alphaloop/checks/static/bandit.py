"""Bandit, with our own configuration and suppressions ignored: only what it is sure of ends a review."""

import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from alphaloop.checks.subject import Subject
from alphaloop.errors import Broken
from alphaloop.facts.finding import Finding, Severity

# B101: an assert is a fault when it fails, and a fault is a veto.  B610: any method named `extra`.
_IGNORED = frozenset({"B101", "B610"})


def findings(subject: Subject) -> Iterator[Finding]:
    """What bandit reports of a file.  Raises Broken when it did not run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its libraries' own, about versions of Python
        # Late: 160 ms that a review which stopped earlier need not pay.
        from bandit.core import config, manager  # type: ignore[import-untyped]  # noqa: PLC0415

    logging.getLogger("bandit").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "strategy.py"
        file.write_bytes(subject.candidate)
        judge = manager.BanditManager(config.BanditConfig(), "file", quiet=True)
        judge.ignore_nosec = True
        judge.discover_files([str(file)])
        judge.run_tests()
        if judge.skipped or len(judge.files_list) != 1:
            why = "; ".join(reason for _, reason in judge.skipped) or "it found no file"
            raise Broken(f"bandit did not read {subject.path}: {why}; reinstall it (pip install bandit)")
        for issue in judge.get_issue_list():
            if issue.test_id not in _IGNORED:
                severe = issue.severity == "HIGH" and issue.confidence != "LOW"
                severity = Severity.VETO if severe else Severity.WARNING
                yield Finding(
                    f"static.bandit.{issue.test_id}", severity, issue.text, subject.path, issue.lineno
                )
