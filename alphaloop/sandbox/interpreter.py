"""Start a fresh Python that knows nothing of this process: no environment, no site, no file but a socket."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from alphaloop.compiled.switch import NEVER, SWITCH, forbidden
from alphaloop.errors import Broken, Misuse

_HOME = Path(__file__).resolve().parents[2]
_PROGRAM = (
    "import sys; sys.path += sys.argv[1].split(':'); "
    "from importlib import import_module; import_module(sys.argv[2]).main(sys.argv[3:])"
)
# Not -I: it would ignore PYTHONHASHSEED too.  With an empty environment the rest of it is -s -P.
_FLAGS = ("-s", "-S", "-P", "-B", "-W", "ignore")

# The kernels that numpy and OpenBLAS choose for a CPU differ in the last digit, so one is chosen for all.
_PINNED = {
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_KNL AVX512_KNM AVX512_SKX AVX512_CLX "
    "AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4",
    "OPENBLAS_CORETYPE": {"x86_64": "Nehalem"}.get(os.uname().machine, "ARMV8"),
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_SEEDS = 1 << 32


def launch(
    module: str,
    given: socket.socket,
    libraries: Sequence[str],
    arguments: Sequence[str],
    hash_seed: int = 0,
    from_source: bool = False,
) -> subprocess.Popen[bytes]:
    """Run `module.main([number of the socket, *arguments])` of this package in a fresh interpreter.

    libraries: importable names whose folders it needs.  Its complaints go to a pipe.  It has a process group
    of its own, so that an interrupt from the terminal reaches only us; not its own session, because Linux
    then schedules it as a group apart and a step takes half as long again.
    """
    return subprocess.Popen(
        command(module, libraries, [str(given.fileno()), *arguments]),
        env=environment(hash_seed, from_source),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(given.fileno(),),
        process_group=0,
    )


def command(module: str, libraries: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """What to execute so that a fresh interpreter runs `module.main(arguments)`."""
    places = ":".join(dict.fromkeys([*map(str, map(folder_of, libraries)), str(_HOME)]))
    return [sys.executable, *_FLAGS, "-c", _PROGRAM, places, module, *arguments]


def environment(hash_seed: int, from_source: bool = False) -> dict[str, str]:
    """All that a fresh interpreter finds in its environment; raises Misuse for a seed that Python refuses.

    from_source: it imports the sources also where a compiled form lies, as it does whenever we must.
    """
    if not 0 <= hash_seed < _SEEDS:
        raise Misuse(f"hash seed {hash_seed} is not between 0 and {_SEEDS - 1}; choose another")
    form = {SWITCH: NEVER} if from_source or forbidden() else {}
    return {"PYTHONHASHSEED": str(hash_seed), **_PINNED, **form}


def folder_of(library: str) -> Path:
    """The folder that `library` is imported from."""
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        raise Broken(f"the sandbox needs the package {library}, which is missing; install AlphaLoop again")
    return Path(spec.origin).resolve().parent.parent
