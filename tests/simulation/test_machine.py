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
