"""Pseudonyms and sealed records: what may be read without the key, and what may not.

A pseudonym is a keyed hash: equal for equal identifiers, useless without the key. Whole
records are sealed with AES-256-GCM and bound to their row, so that a sealed value moved to
another row does not open.
"""

import hmac
import os
from hashlib import blake2b, sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fraud.errors import Misconfigured
from fraud.records import PersonKey

PEOPLE_KEPT = 100_000
"""Pseudonyms kept at hand; the hash of one costs a microsecond, and border files repeat people."""


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


class KeyRing:
    """The keys of one deployment, all derived from one secret of at least 32 bytes."""

    def __init__(self, secret: bytes, key_id: int = 1) -> None:
        if len(secret) < 32:
            raise Misconfigured(
                "the secret key needs at least 32 bytes; make one with `fraud init`"
            )
        self._pseudonym_key = _derive(secret, "sempadan pseudonym")
        self._node_key = _derive(secret, "sempadan links")
        self._blind_key = _derive(secret, "sempadan blind order")
        self.anchor_key = _derive(secret, "sempadan audit anchor")
        """Signs heads of the audit chain (`fraud.audit.sign`)."""
        self._cipher = AESGCM(_derive(secret, "sempadan records"))
        self._people: dict[str, PersonKey] = {}
        self._key_id = key_id.to_bytes(2, "big")

    def person_key(self, mykad: str) -> PersonKey:
        """The pseudonym under which a person appears in topics, links and logs."""
        known = self._people.get(mykad)
        if known is None:
            digest = hmac.digest(self._pseudonym_key, b"person|" + mykad.encode(), "sha256")
            known = PersonKey(digest.hex()[:32])
            if len(self._people) >= PEOPLE_KEPT:
                self._people.clear()
            self._people[mykad] = known
        return known

    def node(self, kind: str, value: str) -> int:
        """The number of an identifier in the link graph, 0 to 2**63 - 1.

        BLAKE2b with a key (RFC 7693): a claim names some sixteen, and HMAC takes thrice as long.
        """
        named = f"{kind}|{value}".encode()
        digest = blake2b(named, digest_size=8, key=self._node_key).digest()
        return int.from_bytes(digest, "big") >> 1

    def blind_number(self, *parts: str) -> float:
        """A keyed draw from 0 to 1, the same for the same parts; not to be guessed without it."""
        digest = hmac.digest(self._blind_key, "|".join(parts).encode(), "sha256")
        return int.from_bytes(digest[:7], "big") / float(1 << 56)

    def seal(self, record: bytes, row: str) -> bytes:
        """Encrypt a record for one row: key id, 12 random bytes, ciphertext."""
        nonce = os.urandom(12)
        return self._key_id + nonce + self._cipher.encrypt(nonce, record, row.encode())

    def open(self, sealed: bytes, row: str) -> bytes:
        """Decrypt what `seal` made for this row. Raises Misconfigured when the key does not fit."""
        try:
            return self._cipher.decrypt(sealed[2:14], sealed[14:], row.encode())
        except InvalidTag as error:
            raise Misconfigured(
                "a sealed record does not open: FRAUD_SECRET_KEY is not the key it was sealed with,"
                " or the record was moved to another row"
            ) from error


def fingerprint(content: bytes) -> str:
    """SHA-256 in hex, for files and decision files."""
    return sha256(content).hexdigest()
