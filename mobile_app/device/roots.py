"""The scheme's root keys, which a scanner pins: what they sign is believed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from shared.token.cose import PublicPoint

Roots: TypeAlias = Mapping[bytes, PublicPoint]


def read_roots(path: Path) -> Roots:
    """Read the file of public roots that `keygen` writes; no file, no roots, no belief."""
    return roots_from(json.loads(path.read_text())) if path.exists() else {}


def roots_from(rows: Any) -> Roots:
    """Take the content of that file.

    Raises:
        ValueError: It is anything else.
    """
    try:
        return {
            bytes.fromhex(row["kid"]): PublicPoint(
                x=bytes.fromhex(row["x"]), odd=row["odd"] is True
            )
            for row in rows
        }
    except (LookupError, TypeError) as error:
        raise ValueError("not a list of roots") from error
