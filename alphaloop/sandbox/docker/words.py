"""What an engine's failure means, and what to do about it."""

from collections.abc import Iterator

IMAGE = "ALPHALOOP_SANDBOX_IMAGE"
"""The environment variable that names the image."""

BUILD = "build it from this version's Dockerfile, as docs/sandbox.md says"

_CAUSES = (
    (PermissionError, "this user may not talk to it: join the group docker, or set DOCKER_HOST to your own"),
    (FileNotFoundError, "none runs there: start it, or set DOCKER_HOST to one that runs"),
    (ConnectionRefusedError, "none runs there: start it, or set DOCKER_HOST to one that runs"),
    (TimeoutError, "it does not answer: restart it"),
)


def cause(error: BaseException) -> str:
    """Why an engine did not do as it was asked, in one line."""
    chain = tuple(_chain(error))
    for kind, words in _CAUSES:
        if any(isinstance(link, kind) for link in chain):
            return words
    said = getattr(error, "explanation", None) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:300]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what it came from, and the errors that it carries as its arguments, as requests has it."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        link = pending.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        near = (link.__cause__, link.__context__, *link.args)
        pending += [each for each in near if isinstance(each, BaseException)]
