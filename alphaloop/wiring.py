"""The only place that picks adapters: which forge, which mind, which sandbox sit at a desk."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from alphaloop.errors import Misuse, Refused
from alphaloop.forge.clone import rehearsal as rehearsal_clone
from alphaloop.forge.folders import PRIVATE, folders_of, is_bare
from alphaloop.forge.keys import signers
from alphaloop.forge.local import LocalForge
from alphaloop.minds.search.mind import SearchMind
from alphaloop.ports import Desk, Sandbox
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.trading import flag

LOCKDOWN = "lockdown"
TAPES = "tapes"
STORE = "store"


@contextmanager
def desk_at(
    folder: Path,
    tell: Callable[[str], None],
    *,
    seed: int = 0,
    rehearsal: bool = False,
    sandbox: str = LOCKDOWN,
    cluster: str = "",
) -> Iterator[Desk]:
    """The desk of the strategy repository that `folder` lies in.

    rehearsal: the desk sits in a throw-away clone, and nothing that it does remains; cluster: HOST:PORT of
    the head of a Ray cluster that plays the episodes, "" for this machine.  Raises Misuse where there is no
    strategy repository, SandboxUnavailable where nothing isolates untrusted code.
    """
    root = repository_root(folder)
    with ExitStack() as stack:
        place = stack.enter_context(rehearsal_clone(root)) if rehearsal else root
        forge = LocalForge(place)
        stack.callback(forge.shut)
        isolation: Sandbox = sandbox_named(sandbox)
        cores = stack.enter_context(_cluster_at(cluster)) if cluster else len(os.sched_getaffinity(0))
        yield Desk(
            forge=forge,
            ledger=forge.ledger,
            keys=forge.keys,
            mind=SearchMind(),
            sandbox=isolation,
            seed=seed,
            rehearsal=rehearsal,
            cores=cores,
            tapes=repository_tapes(root),
            store=repository_store(root),
            flag=folders_of(place).private / flag.NAME,
            tell=tell,
        )


def _cluster_at(address: str) -> AbstractContextManager[int]:
    if find_spec("ray") is None:
        raise Misuse("a cluster needs ray, which is not installed: pip install 'alphaloop[ray]'")
    from alphaloop.simulation.cluster import cluster_at

    return cluster_at(address)


def repository_root(folder: Path) -> Path:
    """The strategy repository that `folder` lies in; raises Misuse when there is none."""
    for place in (folder.resolve(), *folder.resolve().parents):
        # A fresh clone holds the public keys and no private folder: it reads and verifies, and signs nothing.
        founded = (place / PRIVATE).is_dir() or (place / signers.PATH).is_file()
        if ((place / ".git").exists() and founded) or is_bare(place):
            return place
    raise Misuse(f"{folder.resolve()} is not in a strategy repository: make one with `alphaloop init DIR`")


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let one run at a time turn the loop here; the kernel drops the lock when the process ends, however."""
    (root / PRIVATE).mkdir(mode=0o700, exist_ok=True)
    with (root / PRIVATE / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise Refused(
                f"another alphaloop turns the loop in {root}: wait for it to end, then run again"
            ) from taken
        yield


def shipped() -> Path:
    """The folder of roles.yaml, agents/ and strategy_template/: in a wheel, or the checkout's top level."""
    package = Path(__file__).parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def repository_tapes(root: Path) -> Path:
    """The folder of a repository's recorded tapes, which git ignores."""
    return root / PRIVATE / TAPES


def repository_store(root: Path) -> Path:
    """The folder where a repository keeps tapes and journals for good, which git ignores."""
    return root / PRIVATE / STORE
