"""Ruff, with our own configuration and suppression comments ignored: what it says informs people."""

import json
import subprocess
from collections.abc import Iterator

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from alphaloop.checks.subject import Subject
from alphaloop.errors import Broken
from alphaloop.facts.finding import Finding, Severity

# A file with these is no program; the rest is advice, because an honest strategy may be untidy.
_BROKEN_PROGRAM = ("F63", "F7", "F82", "invalid-syntax")
_RULES = "E9,F,B,S,PLE,BLE"
# S101: an assert is a fault when it fails, and a fault is a veto.  S610: any method named `extra`.
_IGNORED = "S101,S610"


def findings(subject: Subject) -> Iterator[Finding]:
    """What ruff reports of a file.  Raises Broken when it did not run."""
    options = [
        "--isolated",
        "--ignore-noqa",
        "--no-cache",
        "--exit-zero",
        "--output-format",
        "json",
        "--select",
        _RULES,
    ]
    options += ["--ignore", _IGNORED, "--target-version", "py311", "--stdin-filename", subject.path, "-"]
    try:
        done = subprocess.run(
            [find_ruff_bin(), "check", *options],
            input=subject.candidate,
            capture_output=True,
            timeout=20,
            check=False,
        )
        reported = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Broken(
            f"ruff did not run on {subject.path}: {error}; reinstall it (pip install ruff)"
        ) from error
    if not isinstance(reported, list):
        words = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise Broken(f"ruff failed on {subject.path} with exit code {done.returncode}: {words}; reinstall it")
    for item in reported:
        code = item["code"] or "invalid-syntax"
        severity = Severity.VETO if code.startswith(_BROKEN_PROGRAM) else Severity.WARNING
        line = item["location"]["row"]
        yield Finding(f"static.ruff.{code}", severity, item["message"], subject.path, line)
