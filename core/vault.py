"""Keys: sealed personal fields, blind indexes, and the chain of facts. One master key, derived keys for each use."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = b"\x01"  # first byte of every sealed value, so that a later key can live beside this one
NONCE_BYTES = 12
BLIND_BYTES = 16


class SealBroken(ValueError):
    """A sealed value was changed, moved to another row, or made with another key."""


class Vault:
    """AES-256-GCM bound to the row, keyed blind indexes (HMAC-SHA256, 128 bits) and the MAC of the fact chain."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the master key must be 32 bytes")
        self._master = master
        self._data = AESGCM(self._derive("data"))
        self._index = self._derive("index")
        self._chain = self._derive("chain")

    def _derive(self, use: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"huiyin/{use}".encode()).derive(
            self._master
        )

    @property
    def web_secret(self) -> bytes:
        """The signing key of the browser cookie."""
        return self._derive("web")

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt `text` for one field of one row; `place` is "table.field|row uid" and is needed to open it again."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return KEY_ID + nonce + self._data.encrypt(nonce, text.encode(), place.encode())

    def unseal(self, blob: bytes, *, place: str) -> str:
        """Raises SealBroken when the value was edited or belongs to another row."""
        nonce, body = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        if not blob.startswith(KEY_ID) or len(nonce) < NONCE_BYTES:
            raise SealBroken(place)
        try:
            return self._data.decrypt(nonce, body, place.encode()).decode()
        except InvalidTag as error:
            raise SealBroken(place) from error

    def blind(self, kind: str, text: str) -> bytes:
        """A keyed fingerprint for exact look-up of a sealed value; `kind` keeps equal texts of two fields apart."""
        return hmac.digest(self._index, f"{kind}|{text}".encode(), hashlib.sha256)[:BLIND_BYTES]

    def mac(self, payload: bytes) -> bytes:
        """The 32-byte MAC that links facts."""
        return hmac.digest(self._chain, payload, hashlib.sha256)


def open_vault(path: Path) -> Vault:
    """Load the master key; on the very first start make it, readable by the owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key(path)
    return Vault(bytes.fromhex(path.read_text().strip()))


def _make_key(path: Path) -> None:
    """Written apart and linked when whole: of several processes that start at once one wins, all read the same key."""
    mine = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32).hex().encode())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(mine, path)
    mine.unlink()
