"""What a floating-point number depends on beside its inputs: this program, its libraries, and the machine."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import alphaloop

CPUINFO = Path("/proc/cpuinfo")
DECIDING = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features")
"""What numpy, OpenBLAS and the C library choose their code by, as Linux names it on x86 and on ARM."""


@cache
def program() -> str:
    """This program's version, and the digest of its own source."""
    package = Path(alphaloop.__file__).parent
    body = sha256()
    for path in sorted(package.rglob("*.py")):
        body.update(f"{path.relative_to(package)}\n".encode() + sha256(path.read_bytes()).digest())
    return f"alphaloop {version('alphaloop')} sha256:{body.hexdigest()}"


def where() -> str:
    """Machine, C library, Python, numpy, matching engine: where one differs, the numbers may."""
    libc = "-".join(platform.libc_ver())
    parts = (platform.machine(), libc, f"python {platform.python_version()}")
    return ", ".join((*parts, *(f"{name} {version(name)}" for name in ("numpy", "hftbacktest"))))


def kind() -> dict[str, str]:
    """What must be the same on every machine that plays for one verdict, by name."""
    return {"judge": program(), "platform": where(), "processor": processor()}


def processor() -> str:
    """A digest of the kind of processor, of which the libraries choose by instruction set what they run."""
    if not CPUINFO.exists():
        return platform.processor()
    first, _, _ = CPUINFO.read_text().partition("\n\n")
    fields = (line.partition(":") for line in first.splitlines())
    said = {name.strip(): value.strip() for name, _, value in fields}
    told = "\n".join(f"{name}: {said.get(name, '')}" for name in DECIDING)
    return f"sha256:{sha256(told.encode()).hexdigest()}"
