"""What a floating-point number depends on."""

import platform
from pathlib import Path

import pytest

from alphaloop.simulation import machine

INTEL = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
cpu MHz\t\t: 2600.000
flags\t\t: fpu avx avx2 fma avx512f

processor\t: 1
vendor_id\t: GenuineIntel
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def tell(text: str) -> str:
        (tmp_path / "cpuinfo").write_text(text)
        monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")
        return machine.processor()

    return tell


def test_two_processors_of_one_kind_are_the_same_however_fast_they_run(told):
    assert told(INTEL) == told(INTEL.replace("2600.000", "800.000"))


@pytest.mark.parametrize("less", [" avx512f", " fma", "GenuineIntel\ncpu"])
def test_processors_that_choose_other_instructions_are_not_the_same(told, less):
    assert less in INTEL
    assert told(INTEL) != told(INTEL.replace(less, "", 1))


def test_a_system_without_that_file_says_what_it_knows(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "none")
    assert machine.processor() == platform.processor()


def test_the_kind_of_this_machine_names_program_platform_and_processor():
    kind = machine.kind()
    assert kind["judge"].startswith("alphaloop ")
    assert "numpy" in kind["platform"]
    assert kind["processor"].startswith("sha256:")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package as a checkout holds it."""
    for path, text in {"a.py": "A = 1\n", "sub/b.py": "B = 1\n", "sub/views.sql": "select 1\n"}.items():
        (tmp_path / "own" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / path).write_text(text)
    return tmp_path / "own"


@pytest.mark.parametrize("path", ["__pycache__/a.cpython-311.pyc", "README.md", "shipped/roles.yaml"])
def test_what_python_makes_what_init_copies_and_what_people_read_is_no_part_of_the_judge(package, path):
    before = machine.digest_of(package)
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_text("x")
    assert machine.digest_of(package) == before


@pytest.mark.parametrize("path", ["c.py", "a.cpython-311-x86_64-linux-gnu.so", "a.pyc", "sub/a.py"])
def test_whatever_could_be_imported_is_a_part_of_the_judge(package, path):
    before = machine.digest_of(package)
    (package / path).write_text("x")
    assert machine.digest_of(package) != before


def test_a_changed_renamed_or_linked_file_makes_another_judge(package, tmp_path):
    before = machine.digest_of(package)
    (package / "sub" / "views.sql").write_text("select 2\n")
    changed = machine.digest_of(package)
    (package / "a.py").rename(package / "z.py")
    renamed = machine.digest_of(package)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "d.py").write_text("D = 1\n")
    (package / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert len({before, changed, renamed, machine.digest_of(package)}) == 4
