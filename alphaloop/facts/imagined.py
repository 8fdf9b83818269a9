"""A change that nobody made, and what would become of it."""

from dataclasses import dataclass, field

MOST_PATHS = 1_000


@dataclass(frozen=True, slots=True)
class Imagined:
    """Who would change and delete which paths; name: what people call the case, "" without one."""

    author: str
    writes: tuple[str, ...]
    deletes: tuple[str, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        paths = (*self.writes, *self.deletes)
        if not 0 < len(paths) <= MOST_PATHS:
            raise ValueError(f"an imagined change touches 1 to {MOST_PATHS} paths, not {len(paths)}")
        if len(set(paths)) != len(paths):
            raise ValueError("an imagined change touches a path twice")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the rules alone say of an imagined change, before anything is measured.

    vetoes: why it is out of scope, () when it is in scope; required: the seats that must answer on it; human:
    its paths that land only with a person's approval; merges: the seats that may merge it.
    """

    vetoes: tuple[str, ...]
    required: tuple[str, ...]
    human: tuple[str, ...]
    merges: tuple[str, ...]

    @property
    def in_scope(self) -> bool:
        """Whether these principals may make this change at all."""
        return not self.vetoes


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case says must come out; None where it says nothing.

    because: words that a reason for being out of scope must contain.
    """

    in_scope: bool | None = None
    required: tuple[str, ...] | None = None
    human: bool | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An imagined change and what is expected of it; line: where it stands in its file."""

    imagined: Imagined
    expected: Expected = field(default_factory=Expected)
    line: int = 0
