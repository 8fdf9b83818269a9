"""The private keys that this machine holds: one OpenSSH ed25519 file for each principal.

They lie in `.alphaloop/keys`, readable by their owner only and ignored by git.
"""

import os
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from alphaloop.errors import BadConfiguration, RepositoryFailure
from alphaloop.forge import signature
from alphaloop.forge.keys.signers import Ring, checked_principal
from alphaloop.forge.statements import envelope

# What is signed outside git begins with this, so that no such signature can ever pass for a commit's.
_DOMAIN = b"alphaloop statement, version 1\0"


class KeyFolder:
    """The port `Keys` over a folder of private keys, each read when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: dict[str, Ed25519PrivateKey] = {}

    def holds(self, principal: str) -> bool:
        """Whether this machine can sign as `principal`."""
        return key_file(self.folder, principal).is_file()

    def signature(self, principal: str, message: bytes) -> bytes:
        """64 bytes over `message`, which differ in kind from every commit's signature."""
        return self._key(principal).sign(_DOMAIN + message)

    def armour(self, principal: str, payload: bytes) -> str:
        """The SSH signature that git expects in a commit."""
        return signature.signed(self._key(principal), payload)

    def sealed(self, principal: str, payload: bytes) -> dict[str, Any]:
        """The DSSE envelope of `payload`, as JSON values."""
        return envelope.sealed(self._key(principal), payload)

    def public(self, principal: str) -> bytes:
        """The raw public key that belongs to what this machine signs with as `principal`."""
        return self._key(principal).public_key().public_bytes_raw()

    def take_up(self, principal: str) -> None:
        """Sign with the key that `draw` made for `principal`; where there is none, nothing changes."""
        fresh = fresh_file(self.folder, principal)
        if fresh.is_file():
            fresh.replace(key_file(self.folder, principal))
        self._keys.pop(principal, None)

    def put_away(self, principal: str) -> None:
        """Delete the private key of `principal`, which is revoked."""
        for path in (key_file(self.folder, principal), fresh_file(self.folder, principal)):
            path.unlink(missing_ok=True)
        self._keys.pop(principal, None)

    def _key(self, principal: str) -> Ed25519PrivateKey:
        if principal not in self._keys:
            self._keys[principal] = _loaded(key_file(self.folder, principal), principal)
        return self._keys[principal]


def refuse_unless_in_force(keys: KeyFolder, principal: str, ring: Ring) -> None:
    """Raise BadConfiguration unless what is signed here as `principal` counts: nobody could take it back."""
    if keys.public(principal) != ring.keys.get(principal):
        raise BadConfiguration(
            f"the key of {principal} that lies here is not the one in force: `alphaloop keys list` shows who "
            f"changed it and when; put the new one at {key_file(keys.folder, principal)}"
        )


def verify_statement(public: bytes, message: bytes, raw: bytes) -> bool:
    """Whether `raw` is what `KeyFolder.signature` answers for `message` under the raw public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw, _DOMAIN + message)
    except (InvalidSignature, ValueError):
        return False
    return True


def generate(folder: Path, principals: Iterable[str]) -> Ring:
    """New keys for `principals` in `folder`; raises RepositoryFailure when one is there already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Ring({principal: _written(key_file(folder, principal)) for principal in principals})


def draw(folder: Path, principal: str, spent: Container[bytes] = ()) -> bytes:
    """A new key for `principal`, kept beside the one in use until `KeyFolder.take_up`; its public half.

    One that was drawn before and never taken up is answered again, so that a killed change of keys goes on;
    but never one of `spent`, which the ledger took away since.
    """
    path = fresh_file(folder, principal)
    if path.is_file():
        drawn = _loaded(path, principal).public_key().public_bytes_raw()
        if drawn not in spent:
            return drawn
        path.unlink()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _written(path)


def fresh_file(folder: Path, principal: str) -> Path:
    """Where a new key of `principal` waits for the ledger to take it; no principal begins with a dash."""
    return folder / f"-new-{key_file(folder, principal).name}"


def key_file(folder: Path, principal: str) -> Path:
    """Where the private key of `principal` lies."""
    return folder / checked_principal(principal).replace(":", ".")


def _written(path: Path) -> bytes:
    """The public half of a new private key at `path`."""
    private = Ed25519PrivateKey.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise RepositoryFailure(
            f"{path} is there already: a key is never overwritten, move it away"
        ) from there
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    except OSError as wrong:
        # Half a key would be taken for one that was drawn before.
        path.unlink(missing_ok=True)
        raise RepositoryFailure(f"{path} cannot be written: {wrong}; free the disk, run again") from wrong
    return private.public_key().public_bytes_raw()


def _loaded(path: Path, principal: str) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & 0o077:
            raise BadConfiguration(f"{path} can be read by others: run `chmod 600 {path}`")
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as missing:
        raise BadConfiguration(
            f"this machine has no key of {principal}: put it at {path}, or sign where it lies"
        ) from missing
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise BadConfiguration(f"{path} is no readable OpenSSH key without a passphrase: {wrong}") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise BadConfiguration(f"{path} is not an ed25519 key: make one with `ssh-keygen -t ed25519`")
    return key
