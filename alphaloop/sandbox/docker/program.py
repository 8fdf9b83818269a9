"""Which AlphaLoop and which libraries somebody runs: two programs that talk must be one."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import alphaloop

_PACKAGE = Path(alphaloop.__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Program:
    """source: digest of what parent and worker share; libraries: what a floating-point number depends on."""

    source: str
    libraries: str


@cache
def program() -> Program:
    """Of this process."""
    body = sha256()
    for path in _shared():
        body.update(f"{path.relative_to(_PACKAGE)}\n".encode() + sha256(path.read_bytes()).digest())
    libc = "-".join(platform.libc_ver())
    numbers = (platform.machine(), libc, f"python {platform.python_version()}", f"numpy {version('numpy')}")
    return Program(f"sha256:{body.hexdigest()}", ", ".join(numbers))


def _shared() -> Iterator[Path]:
    """The contract, the sandbox, and what looks for a compiled form: all of AlphaLoop in a container."""
    yield from (_PACKAGE / name for name in ("__init__.py", "contract.py", "errors.py"))
    yield from sorted((_PACKAGE / "compiled").rglob("*.py"))
    yield from sorted((_PACKAGE / "sandbox").rglob("*.py"))
