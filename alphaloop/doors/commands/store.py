"""`alphaloop store`: what is kept of tapes and journals, SQL over it, and tapes out of it."""

from dataclasses import asdict
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.option(
    "--sql", help="One SELECT over ticks, trades, orders, fills, positions, account, episodes, sources …"
)
@click.option(
    "--rows",
    type=click.IntRange(1, 100_000),
    default=1_000,
    show_default=True,
    help="How many rows of its answer to print.",
)
@click.option(
    "--export", help="Write the tape of this source to .alphaloop/tapes, where market.yaml pins tapes."
)
@click.option("--as", "name", help="The exported tape's file name.")
@click.option("--forget", help="Remove this source for good.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(
    sql: str | None, rows: int, export: str | None, name: str | None, forget: str | None, as_json: bool
) -> None:
    """Say what is kept of tapes and journals: rows, span, gaps and size, by venue, symbol, day and kind."""
    from alphaloop.errors import Misuse
    from alphaloop.wiring import repository_root, repository_store, repository_tapes

    if sum(choice is not None for choice in (sql, export, forget)) > 1:
        raise Misuse("--sql, --export and --forget are three things to do: name one")
    root = repository_root(Path())
    store = repository_store(root)
    if sql is not None:
        _ask(store, sql, rows, as_json)
    elif export is not None:
        _export(store, export, repository_tapes(root), name, as_json)
    elif forget is not None:
        _forget(store, forget)
    else:
        _list(store, as_json)


def _list(store: Path, as_json: bool) -> None:
    from alphaloop.market.store.contents import contents
    from alphaloop.words.store import store_page

    found = contents(store)
    if as_json:
        emit({"store": str(store), **asdict(found)})
    else:
        click.echo(store_page(found.holdings, found.entries, found.bytes))


def _ask(store: Path, sql: str, rows: int, as_json: bool) -> None:
    from alphaloop.market.store.ask import ask
    from alphaloop.words.store import answer_page

    answer = ask(store, sql, rows)
    if as_json:
        emit(asdict(answer))
    else:
        click.echo(answer_page(answer.columns, answer.rows, answer.cut))


def _export(store: Path, key: str, folder: Path, name: str | None, as_json: bool) -> None:
    from alphaloop.errors import Misuse
    from alphaloop.market.ingest import save
    from alphaloop.market.store.reader import source_named
    from alphaloop.market.store.tapes import tape_in

    source = source_named(store, key)
    if source.what != "tape":
        raise Misuse(f"{key} holds journals: only a tape can be exported")
    file = name or f"{source.symbol}-{source.key[:12]}.npz"
    if Path(file).name != file:
        raise Misuse(f"--as {file}: name a file, without a folder")
    path = folder / file
    folder.mkdir(exist_ok=True)
    tape = tape_in(store, source)
    save(tape, path)
    if as_json:
        emit({"tape": str(path), "pin": f"{file}@{tape.digest()}"})
    else:
        click.echo(f"{path}\n  {tape.digest()}")


def _forget(store: Path, key: str) -> None:
    from alphaloop.market.store.reader import source_named
    from alphaloop.market.store.writer import forget

    source = source_named(store, key)
    forget(store, source.key)
    tell(f"{source.key} is gone from {store}")
