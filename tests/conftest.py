"""What every test may rely on: recorded tapes, reproducible properties, and skips that are seen."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from alphaloop import loop
from alphaloop.compiled.standing import standing
from alphaloop.doors.newborn import founded
from alphaloop.errors import SandboxUnavailable
from alphaloop.facts.entry import Entry
from alphaloop.facts.verdict import BINDING, Grounds, Verdict
from alphaloop.forge.founding import found
from alphaloop.ports import Desk
from alphaloop.rules.constitution.roles import SEATS
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.opened import tests
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.wiring import LOCKDOWN, desk_at

REPOSITORY = Path(__file__).resolve().parent.parent
# What evidence that a test makes up says that it was played in; every seat answers by the same.
PLAYED = {"world": "w", "limits": "l", "judge": "j", "platform": "p"}

# No deadline: a shared or cold machine must not fail a property that holds.
settings.register_profile("dev", deadline=None)
# The same examples on every run, so that a red build is about the change and not about the day.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))


@pytest.fixture(autouse=True)
def cores_given_back() -> Iterator[None]:
    """A test that leaves its process on fewer cores fails itself, and not the tests after it."""
    if not hasattr(os, "sched_getaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    yield
    left = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before)
    assert left == before, "this test left its process pinned"


@pytest.fixture
def one_core(cores_given_back: None) -> Iterator[None]:
    """One core for this process while the test runs, so that it plays here and starts no pool."""
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("one core cannot be chosen here")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


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


@pytest.fixture(scope="session")
def leaning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded desk of alice whose first idea is worth merging, on short episodes; for copying only."""
    place = tmp_path_factory.mktemp("leaning")
    strategy = (REPOSITORY / "tests" / "desks" / "leaning.py").read_bytes()
    return _short_desk(place, "avellaneda-stoikov", 60, {"strategy.py": strategy})


@pytest.fixture(scope="session")
def approved(leaning: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That desk after the first four steps of a turn: every seat approves, the test is paid; for copying."""
    folder = tmp_path_factory.mktemp("approved") / "desk"
    shutil.copytree(leaning, folder)
    with desk_at(folder, lambda words: None, seed=1) as sat_at:
        desk = replace(sat_at, cores=1)
        loop.review(desk, loop.implement(desk, loop.propose(desk, loop.review_performance(desk))))
    return folder


@pytest.fixture(scope="session")
def null(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded desk of alice with the template's strategy, where no change can help; for copying only."""
    return _short_desk(tmp_path_factory.mktemp("null"), "null", 30, {})


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Path]:
    """A desk to turn the loop in: a copy of one that was founded before."""

    def copy(folder: Path) -> Path:
        return shutil.copytree(folder, tmp_path / f"desk-{len(list(tmp_path.iterdir()))}")

    return copy


@pytest.fixture
def sit() -> Iterator[Callable[..., Desk]]:
    """Sit down at the desk of a folder, on one core; `said` is what it tells."""
    with ExitStack() as stack:

        def down(folder: Path, said: list[str] | None = None, **others: bool) -> Desk:
            tell = (lambda words: None) if said is None else said.append
            return replace(stack.enter_context(desk_at(folder, tell, seed=1, **others)), cores=1)

        yield down


@pytest.fixture(scope="session")
def grounded() -> Callable[..., Verdict]:
    """A verdict bound to a ledger and a tree, and to `evidence` where one is given, as the desk binds it."""

    def bind(entries: Sequence[Entry], said: Verdict, head_tree: str, found: Entry | None = None) -> Verdict:
        bound = dict.fromkeys(BINDING, "x") | PLAYED | {"judged_by": said.base}
        genesis = entries[0].commit
        if found is None:
            return replace(said, grounds=Grounds(genesis, head_tree, None, "", bound))
        played = evidence_of(found)
        test = next(one for one in tests(entries) if one.entry == played.of)
        return replace(
            said, grounds=Grounds(genesis, head_tree, test.number, test.entry, {**bound, **played.bound})
        )

    return bind


@pytest.fixture
def by_hand(by_hand_of: Callable[[Path, dict[str, str]], None]) -> Callable[[Path, dict[str, str]], None]:
    """Commit to main as alice does it: with git, signed with her key."""
    return by_hand_of


@pytest.fixture(scope="session")
def by_hand_of() -> Callable[[Path, dict[str, str]], None]:
    """The same, for desks that several tests copy."""

    def commit(folder: Path, texts: dict[str, str]) -> None:
        for path, text in texts.items():
            (folder / path).write_text(text)
        for command in (["add", "--", *texts], ["commit", "-qm", "By hand"]):
            subprocess.run(["git", *command], cwd=folder, check=True, timeout=30)

    return commit


def _short_desk(place: Path, world: str, episode_s: int, others: dict[str, bytes]) -> Path:
    """What init makes, founded once more with shorter episodes, one small test, and `others`."""
    try:
        sandbox_named(LOCKDOWN)
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")
    founded(place / "shipped", (), world, "alice", lambda words: None)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=place / "shipped", check=True, capture_output=True, text=True, timeout=30
    )
    kept = [path for path in listed.stdout.split() if not path.startswith(("tests/", "keys/", ".git"))]
    files = {path: (place / "shipped" / path).read_bytes() for path in kept}
    files["market.yaml"] = files["market.yaml"].replace(b"episode_s: 200.0", b"episode_s: %d.0" % episode_s)
    # One game an episode; the null world has no more anyway.
    files["market.yaml"] = files["market.yaml"].replace(b"params: {}", b"params: {games: 1.0}")
    files["market.yaml"] = files["market.yaml"].replace(b"proof_s: 6.0", b"proof_s: 1.0")
    files["tests/test_strategy.py"] = b"from strategy import PARAMS, Strategy\n\n\ndef test_it_is_made():\n"
    files["tests/test_strategy.py"] += b"    assert Strategy(PARAMS).MAX_POSITION == 10.0\n"
    found(place / "desk", files | others, SEATS, "alice")
    return place / "desk"


def pytest_report_header() -> str:
    """Say which form of the program is tested."""
    return f"alphaloop: {standing().words}"


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
