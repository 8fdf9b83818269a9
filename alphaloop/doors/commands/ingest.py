"""`alphaloop ingest`: recorded exchange messages to tapes."""

from dataclasses import asdict
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "name", help="The tape's name, where market.yaml pins one already; for a single file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file on standard output.")
def command(files: tuple[Path, ...], name: str | None, as_json: bool) -> None:
    """Turn recordings (Binance USD-M or spot messages, plain or gzip) into tapes of this repository."""
    from alphaloop import words
    from alphaloop.errors import Misuse
    from alphaloop.market.ingest import ingest, save
    from alphaloop.wiring import repository_root, repository_tapes

    if name and len(files) > 1:
        raise Misuse("--as names one tape: ingest the files one by one")
    folder = repository_tapes(repository_root(Path()))
    folder.mkdir(exist_ok=True)
    for file in files:
        tell(f"ingesting {file}")
        tape, report = ingest(file)
        path = folder / (name or f"{file.name.split('.')[0]}.npz")
        save(tape, path)
        if as_json:
            emit({"tape": str(path), "pin": f"{path.name}@{tape.digest()}", **asdict(report)})
        else:
            click.echo(words.ingested(path.name, tape.digest(), report))
