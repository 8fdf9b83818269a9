"""The option that chooses what isolates strategies."""

import click

from alphaloop.errors import Misuse

LOCKDOWN = "lockdown"

option = click.option(
    "--sandbox",
    type=click.Choice([LOCKDOWN, "docker"]),
    default=LOCKDOWN,
    show_default=True,
    help="What isolates strategies; docker takes the image that ALPHALOOP_SANDBOX_IMAGE names by its digest.",
)


def chosen(sandbox: str, unsafe: bool) -> str:
    """The sandbox's name; raises Misuse for two wishes that exclude each other."""
    if unsafe and sandbox != LOCKDOWN:
        raise Misuse(f"--unsafe isolates nothing and --sandbox {sandbox} does: leave one out")
    return "unsafe" if unsafe else sandbox
