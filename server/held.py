"""What an asker has already and need not be sent: conditional requests (RFC 9110, 13.1.2)."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header
from fastapi.responses import Response

NOTHING_CHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed."}}
"""What routes that hear it answer besides."""


MOST_LETTERS = 2000
"""More than anybody holds of one thing; what is longer is not looked at."""


class HeldVersions:
    """The versions that a request names in `If-None-Match`: one, a list, or `*` for any."""

    def __init__(self, named: str) -> None:
        listed = named.split(",") if len(named) <= MOST_LETTERS else []
        self._tags = {tag.strip().removeprefix("W/") for tag in listed}

    def __contains__(self, version: object) -> bool:
        """Tell whether the asker has it."""
        return f'"{version}"' in self._tags or "*" in self._tags


async def _held(if_none_match: Annotated[list[str] | None, Header()] = None) -> HeldVersions:
    return HeldVersions(",".join(if_none_match or ()))


Held = Annotated[HeldVersions, Depends(_held)]


def answer_unless_held(
    held: HeldVersions, version: str, body: str | None, *, headers: dict[str, str],
    media_type: str = "application/json",
) -> Response:  # fmt: skip
    """Send *body*, or nothing to whom has this version of it already."""
    headers = {"ETag": f'"{version}"'} | headers
    if version in held:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
