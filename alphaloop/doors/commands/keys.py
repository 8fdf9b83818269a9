"""`alphaloop keys`: whose key is which, and changing one by a human's signature in the ledger."""

from pathlib import Path

import click

from alphaloop.doors.printing import emit


@click.group()
def command() -> None:
    """List, add, rotate and revoke the keys that sign what this desk does.

    The ledger alone says which keys are in force, from which entry on.
    """


@command.command("list", short_help="Whose key is in force, since when, and which lie here.")
@click.option("--allowed-signers", is_flag=True, help="Print keys/allowed_signers as it should be.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a principal on standard output.")
def list_(allowed_signers: bool, as_json: bool) -> None:
    """List every key in force, and every change of keys."""
    from alphaloop import words
    from alphaloop.doors.rekeying import forge_here
    from alphaloop.forge.keys.signers import written
    from alphaloop.forge.signature import fingerprint, public_line

    with forge_here() as forge:
        chain = forge.ledger.chain()
        ring = chain.verified_ring()
        changes = [(turn.number, chain.entries[turn.number].signer, turn.change) for turn in chain.turns]
        held = [
            who for who, key in ring.keys.items() if forge.keys.holds(who) and forge.keys.public(who) == key
        ]
    since = dict.fromkeys(ring.keys, 0) | {change.principal: number for number, _, change in changes}
    if allowed_signers:
        click.echo(written(ring), nl=False)
    elif as_json:
        for who, key in ring.keys.items():
            facts = {"principal": who, "key": public_line(key), "fingerprint": fingerprint(key)}
            emit({**facts, "since": since[who], "here": who in held})
    else:
        click.echo(words.key_table({who: fingerprint(key) for who, key in ring.keys.items()}, since, held))
        if changes:
            click.echo(f"\n{words.key_history(changes)}")


@command.command(short_help="Replace a seat's or a person's key by a new one.")
@click.argument("principal")
@click.argument("reason", default="")
@click.option("--public", type=click.Path(path_type=Path), help="The .pub file of a key that lies elsewhere.")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def rotate(principal: str, reason: str, public: Path | None, login: str | None) -> None:
    """Replace the key of PRINCIPAL, a seat or human:<login>; without --public a new pair is made here.

    From the ledger's entry on, the old key signs nothing.  REASON is kept in it.
    """
    _replace(principal, reason, public, login)


@command.command(short_help="Give a first key to a person, or to a seat whose key was revoked.")
@click.argument("principal")
@click.argument("reason", default="")
@click.option("--public", type=click.Path(path_type=Path), help="The .pub file of a key that lies elsewhere.")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def add(principal: str, reason: str, public: Path | None, login: str | None) -> None:
    """Give PRINCIPAL, a seat or human:<login>, a key; without --public a new pair is made here.

    A person may do nothing with it until roles.yaml lists them.  REASON is kept in the ledger.
    """
    _replace(principal, reason, public, login, first=True)


@command.command(short_help="Take a key away, and put none in its place.")
@click.argument("principal")
@click.argument("reason", default="")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def revoke(principal: str, reason: str, login: str | None) -> None:
    """Take the key of PRINCIPAL away, from the ledger's entry on.  REASON is kept in it.

    Refused for the last registered human.
    """
    from alphaloop import words
    from alphaloop.doors.rekeying import Asked, forge_here, revoked
    from alphaloop.rules.entries.keys import key_change_of

    with forge_here() as forge:
        entry = revoked(forge, Asked(principal, reason, login))
    click.echo(words.key_done(entry.number, key_change_of(entry), ""))


def _replace(principal: str, why: str, public: Path | None, login: str | None, first: bool = False) -> None:
    from alphaloop import words
    from alphaloop.doors.rekeying import Asked, forge_here, refuse_unless_first, replaced
    from alphaloop.rules.entries.keys import key_change_of

    with forge_here() as forge:
        refuse_unless_first(forge, principal, first)
        entry, where = replaced(forge, Asked(principal, why, login), public)
    click.echo(words.key_done(entry.number, key_change_of(entry), where))
