"""What proves that somebody speaks for a location: a password and a six-digit code."""

import base64
import hmac
from datetime import datetime

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from server.access.errors import PasswordTooWeak
from server.clock import seconds

PASSWORD_LENGTHS = range(12, 201)
CODE_LENGTH = 6
STEP_S = 30
STEPS_OFF = 1
"""A clock may be half a minute off, either way."""

# 19 MiB, two rounds: what OWASP asks at least, so that many desks at eight in the morning do not
# fill the memory of a small machine.
_HASHER = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_NOBODYS = _HASHER.hash("nobody has this password")


def check_password_strength(password: str, handle: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        PasswordTooWeak.
    """
    if len(password) not in PASSWORD_LENGTHS or handle in password.lower():
        raise PasswordTooWeak


def hash_password(password: str) -> str:
    """Give what the database keeps of a password (argon2id with its parameters)."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Tell whether *password* made the hash; takes as long when there is none."""
    matches = _HASHER.verify(password[: PASSWORD_LENGTHS.stop], password_hash or _NOBODYS)
    return matches and password_hash is not None


def totp_key(salt: bytes, secret: bytes) -> str:
    """Give the base32 key that an authenticator keeps; the database alone does not give it."""
    return base64.b32encode(hmac.digest(secret, b"totp" + salt, "sha256")[:20]).decode()


def totp_link(key: str, handle: str) -> str:
    """Give the otpauth:// link that authenticators read from a QR code."""
    return pyotp.TOTP(key).provisioning_uri(name=handle, issuer_name="Kaikukanta")


def totp_step_of(code: str, key: str, *, now: datetime) -> int | None:
    """Give the half minute since 1970 that *code* belongs to, if it is near now.

    Source: RFC 6238.
    """
    code = "".join(code.split())
    if len(code) != CODE_LENGTH or not code.isascii():
        return None
    totp, step = pyotp.TOTP(key), seconds(now) // STEP_S
    for near in range(step - STEPS_OFF, step + STEPS_OFF + 1):
        if hmac.compare_digest(totp.generate_otp(near), code):
            return near
    return None
