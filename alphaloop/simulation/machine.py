"""What a floating-point number depends on beside its inputs: this program, its libraries, and the machine."""

import os
import platform
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import alphaloop
from alphaloop.facts.judge import Judge

CPUINFO = Path("/proc/cpuinfo")
DECIDING = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features")
"""What numpy, OpenBLAS and the C library choose their code by, as Linux names it on x86 and on ARM."""


@cache
def judge() -> Judge:
    """This very program: its version, the digest of its own files, and the release of Python."""
    release = ".".join(platform.python_version_tuple()[:2])
    return Judge(version("alphaloop"), digest_of(Path(alphaloop.__file__).parent), release)


def digest_of(package: Path) -> str:
    """sha256:… over every file of `package` that can be imported or read by what is.

    In an editable checkout as in a wheel what is hashed is what is imported. Left out is what Python makes of
    the files itself, what `init` copies (which only a wheel carries inside), and pages for people.
    """
    body = sha256()
    for path in sorted(_own(package)):
        body.update(f"{path.relative_to(package).as_posix()}\n".encode() + sha256(path.read_bytes()).digest())
    return f"sha256:{body.hexdigest()}"


def _own(package: Path) -> Iterator[Path]:
    # Python imports through links as well.
    for folder, folders, names in os.walk(package, followlinks=True):
        folders[:] = [name for name in folders if name not in ("__pycache__", "shipped")]
        yield from (Path(folder, name) for name in names if not name.endswith(".md"))


def where() -> str:
    """Machine, C library, Python, numpy, matching engine: where one differs, the numbers may."""
    libc = "-".join(platform.libc_ver())
    parts = (platform.machine(), libc, f"python {platform.python_version()}")
    return ", ".join((*parts, *(f"{name} {version(name)}" for name in ("numpy", "hftbacktest"))))


def kind() -> dict[str, str]:
    """What must be the same on every machine that plays for one verdict, by name."""
    return {"judge": str(judge()), "platform": where(), "processor": processor()}


def processor() -> str:
    """A digest of the kind of processor, of which the libraries choose by instruction set what they run."""
    if not CPUINFO.exists():
        return platform.processor()
    first, _, _ = CPUINFO.read_text().partition("\n\n")
    fields = (line.partition(":") for line in first.splitlines())
    said = {name.strip(): value.strip() for name, _, value in fields}
    told = "\n".join(f"{name}: {said.get(name, '')}" for name in DECIDING)
    return f"sha256:{sha256(told.encode()).hexdigest()}"
