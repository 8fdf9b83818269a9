"""A change of keys: from its ledger entry on, one principal signs with another key, or with none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_COMMIT = re.compile(r"[0-9a-f]{40}")
LONGEST_WHY = 1_000


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What a human did to the key of `principal`.

    old, new: OpenSSH public keys, `ssh-ed25519 …`; old is "" for somebody who had none, new is "" for a key
    that is revoked and not replaced.  main and talks (pull request → its last event) say where those stood:
    what came before is judged by the old key, what came after by the new one.
    """

    principal: str
    old: str
    new: str
    why: str
    main: str
    talks: Mapping[int, str]

    def __post_init__(self) -> None:
        if self.old == self.new:
            raise ValueError("it changes no key: old and new are the same")
        if len(self.why) > LONGEST_WHY:
            raise ValueError(f"a reason has up to {LONGEST_WHY} characters")
        for commit in (self.main, *self.talks.values()):
            if not _COMMIT.fullmatch(commit):
                raise ValueError(f"{commit[:60]!r} is no commit id")
        if any(number < 1 for number in self.talks):
            raise ValueError("pull requests count from 1")

    @property
    def words(self) -> str:
        """What was done, as people say it."""
        if not self.old:
            return f"a key for {self.principal}"
        return f"the key of {self.principal} {'replaced' if self.new else 'revoked'}"
