"""What `alphaloop calibrate` compares: the tape that is named, and a world that is fitted to it."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from alphaloop.errors import Misuse
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.calibration.comparison import Compared, compared
from alphaloop.market.ingest import ingest, load, save
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import CONDITIONAL, FITTED, fit, make
from alphaloop.rules.constitution import market as market_file


def calibrated(path: Path, world: str | None, tell: Callable[[str], None]) -> Compared:
    """The comparison of the tape or recording at `path` with `world`, by default what `init --tape` fits.

    Raises Misuse for a world that no tape can be fitted with, BadTape for what cannot be read or compared.
    """
    name = world or FITTED[0]
    if name not in (*FITTED, *CONDITIONAL):
        raise Misuse(f"--world {name}: {_choices(name)}")
    tell(f"reading {path}")
    tape = load(path, _instrument()) if path.suffix == ".npz" else ingest(path)[0]
    with TemporaryDirectory(prefix="alphaloop-calibrate-") as folder:
        tell(f"fitting {name}")
        spec = fit(tape, name) if name in FITTED else _kept(tape, path, name, Path(folder))
        tell("simulating")
        return compared(tape, spec, lambda s, seed: make(spec, tape.instrument, s, seed, Path(folder)))


def _kept(tape: Tape, path: Path, world: str, folder: Path) -> WorldSpec:
    """The world made of `tape`, which it finds in `folder` under the name that `ingest` gives it."""
    name = f"{path.name.split('.')[0]}.npz"
    save(tape, folder / name)
    return WorldSpec(world, (), f"{name}@{tape.digest()}")


def _instrument() -> Instrument | None:
    """That of the market.yaml here, for a file that does not say its own."""
    here = Path(market_file.FILE)
    return market_file.market(here.read_bytes()).instrument if here.is_file() else None


def _choices(name: str) -> str:
    known = (*FITTED, *CONDITIONAL)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}"
    return f"no tape can be fitted with it; {hint}"
