"""A compiled form on the disk: a folder that is named by what it was made from, and lists what it holds."""

import sysconfig
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from alphaloop.compiled.digest import PACKAGE, own_digest
from alphaloop.compiled.modules import GROUP, MODULES
from alphaloop.compiled.switch import HOW_OUT, PREFIX
from alphaloop.errors import Broken

LIST = "SHA256SUMS"
"""The file that says which bytes each other file has, as `sha256sum` writes it."""

_LONGEST_LIST = 1 << 16


def folder_of(package: Path, digest: str) -> Path:
    """Where the compiled form lies of a program with this digest, for this very kind of Python.

    Beside the bytecode that Python itself makes of the sources, which is no part of that digest either.
    """
    tag = sysconfig.get_config_var("SOABI")
    return package / "__pycache__" / f"{PREFIX}{digest.removeprefix('sha256:')}.{tag}"


def places_of_this_program() -> Mapping[str, str]:
    """The file of every listed module, or nothing when there is no form of this very program."""
    folder = folder_of(PACKAGE, own_digest())
    return places_in(folder) if folder.exists() else {}


def places_in(folder: Path) -> dict[str, str]:
    """The file of every listed module in a form; raises Broken when it is not whole, byte for byte."""
    try:
        wrong = next(_wrong(folder), "")
    except OSError as error:
        wrong = str(error)
    if wrong:
        raise Broken(f"the compiled form {folder} is damaged: {wrong}; {HOW_OUT}")
    return {name: str(folder / file) for name, file in _files().items()}


def seal(folder: Path) -> None:
    """Write down which bytes every file of a form has."""
    files = sorted(_files().values())
    lines = (f"{sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files)
    (folder / LIST).write_text("".join(lines), encoding="ascii")


def _wrong(folder: Path) -> Iterator[str]:
    """What is wrong with a form, in words; nothing when it is whole."""
    with (folder / LIST).open("rb") as file:
        told = file.read(_LONGEST_LIST).decode("ascii", "replace")
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in told.splitlines())}
    if set(listed) != set(_files().values()):
        yield f"{LIST} does not list what it should"
    for name, digest in listed.items():
        if sha256((folder / name).read_bytes()).hexdigest() != digest:
            yield f"{name} has other bytes than {LIST} says"


def _files() -> dict[str, str]:
    """Where every listed module lies within a form, which is where mypyc expects it to."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    return {name: f"{name.replace('.', '/')}{suffix}" for name in (*MODULES, GROUP)}
