"""The scheme's root keys, which a scanner pins: what they sign is believed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from mobile_app.device.staged import NotStaged
from shared.token.cose import PublicPoint

Roots: TypeAlias = Mapping[bytes, PublicPoint]


def read_roots(file: Path) -> Roots:
    """Read the file of public roots that `keygen` writes.

    Raises:
        NotStaged: There is no such file, or it holds something else.
    """
    if not file.exists():
        raise NotStaged("roots_missing", file)
    try:
        roots = roots_from(json.loads(file.read_text("utf-8")))
    except ValueError as error:
        raise NotStaged("roots_unreadable", file) from error
    if not roots:
        raise NotStaged("roots_missing", file)
    return roots


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
