"""Landlock: what of the file system a process may still reach.

https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path
from struct import Struct

from alphaloop.sandbox.inside import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 12
REFER, TRUNCATE = 1 << 13, 1 << 14

READ = READ_FILE | READ_DIR
SCRATCH = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE

# Rights that the kernel knows, by version of its interface.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_FILE_RIGHTS = (1 << 16) - 1
_NETWORK, _SCOPES = 0b11, 0b11
_RULESET = Struct("<QQQ")
_RULE = Struct("<Qi")
_RULESET_BYTES = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}
_VERSION_FLAG, _PATH_BENEATH = 1, 1


def version() -> int:
    """The kernel's version of the interface, at least 1; raises OSError when there is no Landlock."""
    return kernel.system_call(kernel.LANDLOCK_CREATE_RULESET, None, 0, _VERSION_FLAG)


def restrict(granted: Iterable[tuple[Path, int]] = ()) -> None:
    """Deny everything that this kernel can deny, except `granted` (path, rights); needs no_new_privs."""
    known = version()
    rights = _FILE_RIGHTS.get(known, _ALL_FILE_RIGHTS)
    ruleset = kernel.system_call(
        kernel.LANDLOCK_CREATE_RULESET,
        _RULESET.pack(rights, _NETWORK if known >= 4 else 0, _SCOPES if known >= 6 else 0),
        _RULESET_BYTES.get(known, _RULESET.size),
        0,
    )
    try:
        for path, wanted in granted:
            _grant(ruleset, path, wanted & rights)
        kernel.system_call(kernel.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if path.is_dir() else rights & _OF_FILES
        rule = ctypes.create_string_buffer(_RULE.pack(allowed, place))
        kernel.system_call(kernel.LANDLOCK_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
