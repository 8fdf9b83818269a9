"""The store through kills, full disks, other writers, and other versions of itself."""

import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from alphaloop.errors import BadConfiguration, Refused, RepositoryFailure, Untrusted
from alphaloop.facts.market import Instrument
from alphaloop.market.rows import BOTH, rows
from alphaloop.market.store import writer
from alphaloop.market.store.layout import VERSION, generation, staging
from alphaloop.market.store.reader import sources
from alphaloop.market.store.recorded import tape
from alphaloop.market.store.tapes import keep_tape
from alphaloop.market.tape import BUY, DEPTH, EVENT, LATENCY, SELL, TRADE, Channel, Tape

SECOND = 1_000_000_000
NOON = 1_641_556_800 * SECOND
INSTRUMENT = Instrument("BTCUSDT", 0.1, 0.001, 2.0, 5.0)

# A parent that imports everything once, and children of it that are killed: at each step that Python takes on
# the disk (an audit hook counts them), or after a while (which also meets DuckDB in the middle of writing).
KILLER = r"""
import os, random, shutil, signal, sys, time
from pathlib import Path

import duckdb, numpy
from alphaloop.market.store.reader import sources
from alphaloop.market.store.tapes import keep_tape, tape_in
from alphaloop.market.ingest import load

home, how = Path(sys.argv[1]), sys.argv[2]
tape, template, store, whole = load(home / "tape.npz"), home / "template", home / "store", home / "whole"
STEPS = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "fcntl.flock")


def child(work):
    number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return number


def ended(number):
    return os.waitpid(number, 0)[1]


def dying_at(step):
    left = step

    def count(event, arguments):
        nonlocal left
        if event in STEPS or (event == "open" and str(store) in str(arguments[0])):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def work():
        sys.addaudithook(count)
        keep_tape(store, tape)

    return work


def everything(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def check():
    found = sources(store)
    assert "OLD" in {source.symbol for source in found}, "the old one is lost"
    assert all(tape_in(store, source).digest() for source in found)
    keep_tape(store, tape)
    assert everything(store) == everything(whole), "not the same store"


def after(work, delay=None):
    shutil.rmtree(store, ignore_errors=True)
    shutil.copytree(template, store)
    number = child(work)
    if delay is not None:
        time.sleep(delay)
        os.kill(number, signal.SIGKILL)
    status = ended(number)
    assert ended(child(check)) == 0
    return os.WIFSIGNALED(status)


shutil.copytree(template, whole)
began = time.perf_counter()
assert ended(child(lambda: keep_tape(whole, tape))) == 0
took = time.perf_counter() - began
if how == "steps":
    killed = 0
    while after(dying_at(killed + 1)):
        killed += 1
else:
    draw = random.Random(int(how))
    killed = sum(after(lambda: keep_tape(store, tape), draw.uniform(0, took)) for _ in range(6))
print(killed)
"""


def small_tape(symbol: str = "BTCUSDT", start_ns: int = NOON) -> Tape:
    ev = [DEPTH | BUY | BOTH, DEPTH | SELL | BOTH, TRADE | SELL | BOTH]
    times = np.array([0, 0, 1]) * SECOND + start_ns
    events = rows(ev, times, times, [100.0, 100.2, 100.0], [1.0, 2.0, 0.5])
    mark = Channel("mark", np.array([start_ns]), np.array([100.1]))
    instrument = Instrument(symbol, 0.1, 0.001, 2.0, 5.0)
    return Tape("small", instrument, events, np.zeros(0, LATENCY), channels=(mark,), venue="binance-usdm")


@pytest.mark.parametrize("how", ["steps", "1"])
def test_a_kill_at_any_moment_and_a_second_run_give_the_same_store(tmp_path, how):
    from alphaloop.market.ingest import save

    save(replace(small_tape(), channels=()), tmp_path / "tape.npz")
    keep_tape(tmp_path / "template", replace(small_tape("OLD"), channels=()))
    ran = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path), how],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    # Lock, staging, two tables with their folders, about.json, a sync of each, the rename: dozens of steps.
    assert int(ran.stdout) > (20 if how == "steps" else 0)


@pytest.mark.parametrize("room", [0, 100, 700, 1_200])
def test_a_full_disk_loses_nothing_and_leaves_nothing(tmp_path, room):
    keep_tape(tmp_path, small_tape("OLD"))
    before = {path: path.read_bytes() for path in generation(tmp_path).rglob("*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(RepositoryFailure, match="what was kept before is untouched: free the disk or"):
            keep_tape(tmp_path, small_tape())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert {path: path.read_bytes() for path in generation(tmp_path).rglob("*") if path.is_file()} == before
    assert not staging(tmp_path).exists()
    assert tape(tmp_path, "binance-usdm", "OLD").digest() == small_tape("OLD").digest()
    assert keep_tape(tmp_path, small_tape()).new


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "store").write_text("a file is in the way")
    with pytest.raises(RepositoryFailure, match="store cannot be written"):
        keep_tape(tmp_path / "store", small_tape())


def test_a_lock_is_waited_for_and_then_said_and_dies_with_its_holder(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "WAIT_S", 0.1)
    keep_tape(tmp_path, small_tape("OLD"))
    hold = "import fcntl, sys, time\nheld = open(sys.argv[1], 'w')\n"
    hold += "fcntl.flock(held, fcntl.LOCK_EX)\nprint(flush=True)\n"
    with subprocess.Popen(
        [sys.executable, "-c", hold + "time.sleep(60)", str(tmp_path / "lock")], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Refused, match="another alphaloop has been writing"):
            keep_tape(tmp_path, small_tape())
        # Readers do not wait for a writer.
        assert len(sources(tmp_path)) == 1
        holder.kill()
    assert keep_tape(tmp_path, small_tape()).new


def test_readers_never_see_half_of_anything_while_a_writer_works(tmp_path):
    stop = threading.Event()

    def write() -> None:
        for place in range(10):
            keep_tape(tmp_path, small_tape(f"S{place}"))
        stop.set()

    working = threading.Thread(target=write)
    working.start()
    seen = [0]
    while not stop.is_set():
        found = sources(tmp_path)
        for source in found[-2:]:
            assert tape(tmp_path, source.venue, source.symbol).digest() == small_tape(source.symbol).digest()
        seen.append(len(found))
    working.join()
    assert seen == sorted(seen)
    assert len(sources(tmp_path)) == 10


def test_many_writers_wait_for_one_another(tmp_path):
    call = (
        "import sys\nfrom pathlib import Path\nfrom alphaloop.market.ingest import load\n"
        "from alphaloop.market.store.tapes import keep_tape\n"
        "print(keep_tape(Path(sys.argv[1]), load(Path(sys.argv[2]))).new)\n"
    )
    from alphaloop.market.ingest import save

    save(small_tape(), tmp_path / "tape.npz")
    command = [sys.executable, "-c", call, str(tmp_path / "store"), str(tmp_path / "tape.npz")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert told == ["False", "False", "False", "True"]


def test_litter_of_a_killed_writer_is_never_read_and_swept_by_the_next(tmp_path):
    keep_tape(tmp_path, small_tape("OLD"))
    litter = staging(tmp_path) / "source=half"
    litter.mkdir(parents=True)
    (litter / "rows.parquet").write_bytes(b"half of a file")
    assert [source.symbol for source in sources(tmp_path)] == ["OLD"]
    keep_tape(tmp_path, small_tape())
    assert not litter.exists()


@pytest.mark.parametrize("there", ["empty", "full"])
def test_a_store_of_a_newer_version_is_refused_and_untouched(tmp_path, there):
    newer = tmp_path / f"v{VERSION + 1}" / "source=abc"
    newer.mkdir(parents=True)
    (newer / "about.json").write_text("in words that we do not know")
    if there == "full":
        shutil.copytree(newer.parent, tmp_path / f"v{VERSION}")
    before = sorted(tmp_path.rglob("*"))
    for act in (lambda: keep_tape(tmp_path, small_tape()), lambda: sources(tmp_path)):
        with pytest.raises(BadConfiguration, match=rf"newer AlphaLoop \(version {VERSION + 1}; .*upgrade"):
            act()
    assert sorted(tmp_path.rglob("*")) == before


def store_of_version_1(folder: Path, tape: Tape) -> None:
    """What version 1 wrote: book rows and trades together in the kind `events`, and no outages or rounds."""
    key = "1" * 64
    place = folder / "v1" / f"source={key}"
    day = place / "venue=binance-usdm" / f"symbol={tape.instrument.symbol}" / "day=2022-01-07"
    parts = []
    events = {"row": np.arange(len(tape.events))} | {name: tape.events[name] for name in EVENT.names or ()}
    channel = tape.channels[0]
    mark = {"row": np.arange(1), "time_ns": channel.times_ns, "value": channel.values}
    for kind, columns in (("events", events), ("channel-mark", mark)):
        path = day / f"kind={kind}" / "rows.parquet"
        path.parent.mkdir(parents=True)
        with duckdb.connect() as database:
            database.register("columns", columns)
            database.execute(f"COPY (SELECT * FROM columns) TO '{path}' (FORMAT parquet)")
        part = {"kind": kind, "day": "2022-01-07", "rows": len(columns["row"]), "bytes": path.stat().st_size}
        parts.append(part | {"first_ns": NOON, "last_ns": NOON + SECOND})
    instrument = {
        name: getattr(tape.instrument, name) for name in ("symbol", "tick", "lot", "maker_bps", "taker_bps")
    }
    facts = {
        "instrument": instrument,
        "channels": ["mark"],
        "gaps_ns": [[NOON, NOON + 5]],
        "sequence_gaps": 3,
        "clock_shift_ns": 4,
        "sigma": None,
        "lottery": None,
        "digest": tape.digest(),
        "name": "old",
        "report": None,
    }
    about = {"key": key, "what": "tape", "venue": "binance-usdm", "symbol": tape.instrument.symbol}
    (place / "about.json").write_text(json.dumps(about | {"facts": facts, "parts": parts}))


def old_tape() -> Tape:
    gap = ((NOON, NOON + 5),)
    return replace(small_tape(), name="old", gaps_ns=gap, sequence_gaps=3, clock_shift_ns=4)


def test_a_store_of_version_1_is_migrated_without_loss(tmp_path):
    store_of_version_1(tmp_path, old_tape())
    # Asking is enough.
    found = tape(tmp_path, "binance-usdm", "BTCUSDT")
    assert found.digest() == old_tape().digest()
    np.testing.assert_array_equal(found.events, old_tape().events)
    assert (found.gaps_ns, found.sequence_gaps, found.clock_shift_ns) == (((NOON, NOON + 5),), 3, 4)
    assert not (tmp_path / "v1").exists()
    # It is now the very source that keeping it anew would make.
    assert not keep_tape(tmp_path, old_tape()).new
    assert [part.kind for part in sources(tmp_path)[0].parts] == ["book", "trades", "channel-mark"]


@pytest.mark.parametrize("moment", ["before", "between"])
def test_a_migration_that_was_killed_is_done_by_the_next(tmp_path, moment):
    store_of_version_1(tmp_path, old_tape())
    if moment == "before":
        (staging(tmp_path) / f"v{VERSION}" / "source=half").mkdir(parents=True)
    else:
        copy = tmp_path.with_name("copy")
        shutil.copytree(tmp_path, copy)
        sources(copy)
        shutil.copytree(generation(copy), generation(tmp_path))
    assert keep_tape(tmp_path, small_tape("NEW")).new
    assert sorted(source.symbol for source in sources(tmp_path)) == ["BTCUSDT", "NEW"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", f"v{VERSION}"]


def test_a_damaged_store_of_version_1_is_not_migrated_and_stays(tmp_path):
    store_of_version_1(tmp_path, old_tape())
    path = next((tmp_path / "v1").rglob("kind=events/rows.parquet"))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Untrusted):
        keep_tape(tmp_path, small_tape("NEW"))
    assert path.exists()
    assert not generation(tmp_path).exists()


def test_a_program_that_is_started_meanwhile_does_not_keep_the_lock(tmp_path):
    with writer.writing(tmp_path):
        other = subprocess.Popen(["sleep", "30"], close_fds=False)
    handle = os.open(tmp_path / "lock", os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)
    other.kill()
    other.wait()
