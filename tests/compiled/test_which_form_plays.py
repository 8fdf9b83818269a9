"""The compiled form of this very program, whole, or the sources: nothing between, and nothing older."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from alphaloop.compiled.form import LIST, seal
from alphaloop.compiled.modules import GROUP, MODULES
from alphaloop.compiled.switch import SWITCH

WHICH = """
from importlib import import_module
from alphaloop.compiled.modules import MODULES
print(*{import_module(name).__file__.rpartition(".")[2] for name in MODULES})
"""
SOURCES, COMPILED = "py\n", "so\n"


@pytest.fixture
def which(python):
    """From which kinds of file every listed module comes in a fresh process."""

    def ask(program, form=""):
        answer = python(program, ["-c", WHICH], form)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    return ask


def form_in(program):
    (form,) = (program / "__pycache__").glob("compiled-*")
    return form


def test_every_listed_module_comes_from_the_compiled_form_and_from_source_when_asked(program, which, never):
    assert which(program) == COMPILED
    assert which(program, never) == SOURCES


def test_an_unknown_word_for_the_form_is_refused(program, door):
    answer = door(program, "doctor", form="no")
    assert answer.returncode == 2
    assert f"{SWITCH} is 'no'; its only value is 'never'" in answer.stderr


@pytest.mark.parametrize("path", ["contract.py", "doors/cli.py", "market/new.py", "trading/other.so"])
def test_one_byte_more_anywhere_in_the_program_and_the_form_is_not_used(program, which, path):
    with (program / path).open("a") as file:
        file.write("\n")
    assert which(program) == SOURCES


def test_when_the_byte_is_taken_back_the_form_is_used_again(program, which):
    before = (program / "contract.py").read_bytes()
    (program / "contract.py").write_bytes(before + b"\n")
    assert which(program) == SOURCES
    (program / "contract.py").write_bytes(before)
    assert which(program) == COMPILED


def test_a_form_of_another_kind_of_python_is_not_used(program, which):
    form = form_in(program)
    form.rename(form.with_name(form.name.replace("cpython-3", "cpython-2")))
    assert which(program) == SOURCES


@pytest.mark.parametrize("left", [0, 1, 4_096, -1])
def test_an_extension_that_is_cut_short_breaks_with_what_to_do(program, python, left):
    (cut,) = form_in(program).glob(f"{GROUP}*.so")
    cut.write_bytes(cut.read_bytes()[:left])
    _breaks(python(program, ["-c", WHICH]), f"{cut.name} has other bytes than {LIST} says")


def test_one_byte_that_flipped_breaks_and_is_never_loaded(program, python):
    (flipped,) = form_in(program).rglob("orders*.so")
    body = bytearray(flipped.read_bytes())
    body[len(body) // 2] ^= 1
    flipped.write_bytes(body)
    _breaks(python(program, ["-c", WHICH]), f"{flipped.name} has other bytes than {LIST} says")


@pytest.mark.parametrize("name", ["want", GROUP])
def test_a_form_that_lacks_a_file_breaks(program, python, name):
    next(form_in(program).rglob(f"{name}*.so")).unlink()
    _breaks(python(program, ["-c", WHICH]), "No such file")


@pytest.mark.parametrize("text", ["", "x", "\0" * 100_000, "0  ../../../../contract.py\n"])
def test_a_list_that_is_none_breaks(program, python, text):
    (form_in(program) / LIST).write_text(text)
    _breaks(python(program, ["-c", WHICH]), f"{LIST} does not list what it should")


def test_what_is_sealed_and_cannot_be_loaded_here_breaks_too(program, python):
    next(form_in(program).glob(f"{GROUP}*.so")).write_bytes(b"as another machine made it" * 100)
    seal(form_in(program))
    _breaks(python(program, ["-c", WHICH]), "cannot be loaded")


def _breaks(answer, words):
    assert answer.returncode == 1
    assert answer.stdout == ""
    last = answer.stderr.splitlines()[-1]
    assert last.startswith("alphaloop.errors.Broken: the compiled form ")
    assert words in last
    assert "`alphaloop compile` makes it again" in last
    assert f"{SWITCH}=never go without it" in last


def test_a_door_says_that_a_form_is_damaged_and_taking_it_away_helps(program, door, which):
    next(form_in(program).rglob("account*.so")).unlink()
    broken = door(program, "doctor")
    assert broken.returncode == 3
    assert "is damaged" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert door(program, "compile", "--remove").stdout == "removed 1; the sources play\n"
    assert which(program) == SOURCES
    assert door(program, "compile", "--remove").stdout == "removed 0; the sources play\n"


def test_doctor_says_which_form_plays_and_how_to_change_it(program, python, never):
    ask = "from alphaloop.doors.probes import _compiled; said = _compiled(); print(said.works, said.words)"

    def told(form=""):
        return python(program, ["-c", ask], form).stdout

    assert told().startswith(
        "True the compiled form plays; with ALPHALOOP_COMPILED=never in the environment "
    )
    assert told(never) == "False the sources play, because ALPHALOOP_COMPILED is never\n"
    (program / "loop.py").write_text((program / "loop.py").read_text() + "\n")
    assert told().startswith(
        "False the sources play, because the compiled form that lies here is of another "
    )
    shutil.rmtree(form_in(program))
    assert told().startswith("False the sources play; for a faster form: `pip install 'alphaloop[compiled]'`")


def test_what_is_compiled_already_is_not_compiled_again(program, door):
    before = form_in(program).stat().st_mtime_ns
    answer = door(program, "compile")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == f"compiled: {form_in(program)}\n"
    assert form_in(program).stat().st_mtime_ns == before


def test_forms_of_other_programs_go_and_this_ones_for_another_python_stays(program, door):
    form = form_in(program)
    digest, _, tag = form.name.partition(".")
    other = digest[:-4] + ("0000" if digest[-4:] != "0000" else "1111")
    for name in (f"{other}.{tag}", f"{digest}.cpython-399", f"{other}.cpython-399"):
        shutil.copytree(form, form.with_name(name))
    (form.parent / "compiling-abc").mkdir()
    assert door(program, "compile").returncode == 0
    left = sorted(path.name for path in form.parent.iterdir() if path.name.startswith("compil"))
    assert left == sorted([form.name, f"{digest}.cpython-399", "compiling.lock"])


def test_a_second_build_waits_for_the_first_and_finds_its_work_done(program):
    command = [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "compile"]
    environment = {**os.environ, "PYTHONPATH": str(program.parent), SWITCH: ""}
    with (program / "__pycache__" / "compiling.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            command, cwd=program.parent, env=environment, stdout=-1, stderr=-1, text=True
        ) as second:
            assert second.stderr is not None
            assert second.stderr.readline() == "another build is at it; waiting\n"
            fcntl.flock(lock, fcntl.LOCK_UN)
            told, _ = second.communicate(timeout=60)
    assert told == f"compiled: {form_in(program)}\n"


def test_a_build_that_is_killed_leaves_nothing_that_is_used(bare, compiled, which, door):
    command = [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "compile"]
    environment = {**os.environ, "PYTHONPATH": str(bare.parent), SWITCH: ""}
    with subprocess.Popen(
        command, cwd=bare.parent, env=environment, stderr=-1, stdout=-1, start_new_session=True
    ) as building:
        assert building.stderr is not None
        assert building.stderr.readline().startswith(b"compiling ")
        time.sleep(1.0)
        os.killpg(building.pid, signal.SIGKILL)
    assert building.returncode == -signal.SIGKILL
    assert list((bare / "__pycache__").glob("compiling-*"))
    assert which(bare) == SOURCES
    # The next build takes away what is left of it; here its own work is done, by a form that is brought.
    shutil.copytree(form_in(compiled), bare / "__pycache__" / form_in(compiled).name)
    assert door(bare, "compile").returncode == 0
    assert not list((bare / "__pycache__").glob("compiling-*"))
    assert which(bare) == COMPILED


def test_without_a_compiler_nothing_is_left_and_the_words_say_what_lacks(bare, door, which):
    answer = door(bare, "compile", CC="no-such-compiler")
    assert answer.returncode == 3
    assert "there is no C compiler 'no-such-compiler'" in answer.stderr
    assert which(bare) == SOURCES


def test_a_program_without_any_form_asks_nothing_of_its_own_files(bare, python):
    """Hashing them costs 12 to 20 ms, which only who has a compiled form needs to pay."""
    ask = "import sys, alphaloop.trading.orders; print('alphaloop.compiled.digest' in sys.modules)"
    assert python(bare, ["-c", ask]).stdout == "False\n"


def test_the_first_words_of_a_door_ask_nothing_either(program, python):
    ask = "import sys, alphaloop.doors.cli; print('alphaloop.compiled.form' in sys.modules)"
    assert python(program, ["-c", ask]).stdout == "False\n"


def test_a_folder_that_may_not_be_read_holds_no_form(program):
    """Behind the walls of a sandbox nothing can be read; an import there fails as ever, and no other way."""
    ask = (
        "import alphaloop, os, sys\n"
        "def no(*args): raise PermissionError(13, 'no')\n"
        "os.listdir = no\n"
        "import alphaloop.trading.want as want; print(want.__file__[-7:])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env={**os.environ, "PYTHONPATH": str(program.parent), SWITCH: ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.stdout == "want.py\n", answer.stderr


def test_no_listed_module_is_what_strategies_are_written_against():
    assert "alphaloop.contract" not in MODULES
    assert len(set(MODULES)) == len(MODULES)
