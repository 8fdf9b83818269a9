"""What a floating-point number depends on beside its inputs: this program, its libraries, and the machine."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from alphaloop.compiled.digest import own_digest
from alphaloop.facts.judge import Judge

CPUINFO = Path("/proc/cpuinfo")
DECIDING = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features")
"""What numpy, OpenBLAS and the C library choose their code by, as Linux names it on x86 and on ARM."""


@cache
def judge() -> Judge:
    """This very program: its version, the digest of its own files, and the release of Python."""
    release = ".".join(platform.python_version_tuple()[:2])
    return Judge(version("alphaloop"), own_digest(), release)


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
