"""What crosses the network: frozen dataclasses of plain values.

The server reads them with pydantic and refuses unknown fields; the phone reads them with mashumaro
and skips unknown fields, so that an old phone understands a newer server.
"""

import base64
from functools import cache
from typing import Any, TypeVar

from mashumaro.codecs.json import JSONDecoder, JSONEncoder

T = TypeVar("T")

STRICT = {"extra": "forbid"}
"""Assigned to `__pydantic_config__` of everything that the server reads."""

COSE_MEDIA_TYPE = "application/cose"


def to_json(value: Any) -> str:
    """Write a wire value as JSON text."""
    return _encoder(type(value)).encode(value)


def from_json(kind: type[T], text: str | bytes) -> T:
    """Read a wire value.

    Raises:
        ValueError: The text is not JSON, or not a *kind*.
    """
    try:
        return _decoder(kind).decode(text)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}") from error


def to_base64url(raw: bytes) -> str:
    """Write bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Read unpadded base64url, strictly: one spelling only.

    Raises:
        ValueError: It is anything else.
    """
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(raw) != text:
        raise ValueError("not canonical base64url")
    return raw


@cache
def _decoder(kind: type[T]) -> JSONDecoder[T]:
    return JSONDecoder(kind)


@cache
def _encoder(kind: type[T]) -> JSONEncoder[T]:
    return JSONEncoder(kind)
