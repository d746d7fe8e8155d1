"""What crosses the network: frozen dataclasses of plain values.

The server reads them with pydantic and refuses unknown fields; the phone reads them with mashumaro
and skips unknown fields, so that an old phone understands a newer server.
"""

import base64
from typing import Any, TypeVar

from mashumaro.codecs.json import JSONDecoder, JSONEncoder

T = TypeVar("T")

STRICT = {"extra": "forbid"}
"""Assigned to `__pydantic_config__` of everything that the server reads."""

COSE_MEDIA_TYPE = "application/cose"

# Made once for each kind: making one compiles code.
_encoders: dict[type[Any], JSONEncoder[Any]] = {}
_decoders: dict[type[Any], JSONDecoder[Any]] = {}


def to_json(value: Any) -> str:
    """Write a wire value as JSON text."""
    kind = type(value)
    if kind not in _encoders:
        _encoders[kind] = JSONEncoder(kind)
    return _encoders[kind].encode(value)


def from_json(kind: type[T], text: str | bytes) -> T:
    """Read a wire value.

    Raises:
        ValueError: The text is not JSON, or not a *kind*.
    """
    if kind not in _decoders:
        _decoders[kind] = JSONDecoder(kind)
    try:
        value: T = _decoders[kind].decode(text)
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a {kind.__name__}") from error
    return value


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
