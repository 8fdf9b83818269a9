"""Which files make a program: what judge.lock pins, and what a compiled form is named by."""

from pathlib import Path

import pytest

from alphaloop.compiled.digest import PACKAGE, digest_of, own_digest


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package as a checkout holds it."""
    for path, text in {"a.py": "A = 1\n", "sub/b.py": "B = 1\n", "sub/views.sql": "select 1\n"}.items():
        (tmp_path / "own" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / path).write_text(text)
    return tmp_path / "own"


@pytest.mark.parametrize("path", ["__pycache__/a.cpython-311.pyc", "README.md", "shipped/roles.yaml"])
def test_what_python_makes_what_init_copies_and_what_people_read_is_no_part_of_the_program(package, path):
    before = digest_of(package)
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_text("x")
    assert digest_of(package) == before


@pytest.mark.parametrize("path", ["c.py", "a.cpython-311-x86_64-linux-gnu.so", "a.pyc", "sub/a.py"])
def test_whatever_could_be_imported_is_a_part_of_the_program(package, path):
    before = digest_of(package)
    (package / path).write_text("x")
    assert digest_of(package) != before


def test_a_changed_renamed_or_linked_file_makes_another_program(package, tmp_path):
    before = digest_of(package)
    (package / "sub" / "views.sql").write_text("select 2\n")
    changed = digest_of(package)
    (package / "a.py").rename(package / "z.py")
    renamed = digest_of(package)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "d.py").write_text("D = 1\n")
    (package / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert len({before, changed, renamed, digest_of(package)}) == 4


def test_the_program_that_runs_is_the_one_whose_errors_are_raised():
    import alphaloop

    assert Path(alphaloop.__file__).parent == PACKAGE
    assert own_digest().startswith("sha256:")
