"""Who sits here: the one registered person whose key lies here, and nobody by chance."""

import pytest

from alphaloop.doors.whoami import person_here
from alphaloop.errors import Refused
from alphaloop.forge.keys.folder import KeyFolder, generate


@pytest.fixture
def keys(tmp_path):
    """A folder with the keys of ann and ben."""
    generate(tmp_path, ("human:ann", "human:ben"))
    return KeyFolder(tmp_path)


def test_the_one_person_whose_key_is_here_is_meant(keys):
    assert person_here(("ann", "cleo"), keys) == "human:ann"
    assert person_here(("ann", "ben"), keys, "ben") == "human:ben"


def test_where_several_peoples_keys_lie_nobody_is_guessed(keys):
    with pytest.raises(Refused, match=r"human:ann, human:ben\): say who you are with --as LOGIN"):
        person_here(("ann", "ben"), keys)


def test_who_has_no_key_here_or_is_not_registered_is_nobody(keys):
    with pytest.raises(Refused, match="no registered human's key is here; ask one of cleo"):
        person_here(("cleo",), keys)
    for login in ("cleo", "ben"):
        with pytest.raises(Refused, match=f"'{login}' is no registered human whose key is here"):
            person_here(("ann", "cleo"), keys, login)
