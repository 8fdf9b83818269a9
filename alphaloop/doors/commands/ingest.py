"""`alphaloop ingest`: recorded exchange messages to tapes."""

from dataclasses import asdict
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "name", help="The tape's name, where market.yaml pins one already; for a single file.")
@click.option("--venue", help="Where the files are from, if they do not say: binance-usdm, bybit, …")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a tape on standard output.")
def command(files: tuple[Path, ...], name: str | None, venue: str | None, as_json: bool) -> None:
    """Turn recordings, dumps or .npz files of one market into tapes of this repository.

    A perpetual and its spot market named together give the perpetual its index.
    """
    from alphaloop import words
    from alphaloop.errors import Misuse
    from alphaloop.market.ingest import market_of, save
    from alphaloop.market.store.tapes import keep_tape
    from alphaloop.wiring import repository_root, repository_store, repository_tapes

    if name and len(files) > 1:
        raise Misuse("--as names one tape: ingest the files one by one")
    root = repository_root(Path())
    folder = repository_tapes(root)
    folder.mkdir(exist_ok=True)
    tell(f"ingesting {', '.join(map(str, files))}")
    found = market_of(files, venue)
    made = {folder / (name or f"{tape.name.split('.')[0]}.npz"): (tape, report) for tape, report in found}
    if len(made) < len(found):
        raise Misuse("two of the tapes would have the same name: rename a file")
    for path, (tape, report) in made.items():
        kept = keep_tape(repository_store(root), tape, report)
        save(tape, path)
        if as_json:
            pin = f"{path.name}@{tape.digest()}"
            emit({"tape": str(path), "pin": pin, "kept": kept.key, **asdict(report)})
        else:
            click.echo(words.ingested(path.name, tape.digest(), report))
