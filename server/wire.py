"""How the server reads bodies: strict where pydantic is kind, and bounded in size."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, MutableMapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Annotated, Any, cast, get_args, get_type_hints

from fastapi import Body
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from server.problems import Problem, problem_answer
from shared.protocol import HEADER, TOO_OLD
from shared.wire import COSE_MEDIA_TYPE

MOST_BODY_BYTES = 512 * 1024
MOST_PROOF_BYTES = 1024
"""K1 §9: no proof is longer."""

CoseBytes = Annotated[bytes, Body(media_type=COSE_MEDIA_TYPE, max_length=MOST_PROOF_BYTES)]
"""A proof, sent as it is."""

_YEARS = range(1970, 9999)
"""Wide enough for every clock that was never set; a day more or less is still a date."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


class TooLarge(Problem):
    """The body is longer than this server reads."""

    status = 413
    code = "too_large"


class AppTooOld(Problem):
    """This version of the app is not understood any more. Load it again or update it."""

    status = 426
    code = TOO_OLD


class AsWritten:
    """Annotates a body: numbers are numbers, text is text, times have a zone.

    Without it pydantic would take "2" and true for 2, and a time without zone for any zone.
    """

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the raw value before pydantic converts it."""
        return core_schema.no_info_before_validator_function(
            partial(_check_raw, source), handler(source)
        )


class BoundedBodies:
    """ASGI middleware: refuse a body of more than `MOST_BODY_BYTES`, however it arrives.

    Where files are sent, *longer* says for a path how much is read.
    """

    def __init__(self, app: Asgi, longer: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._longer = longer or {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._longer.get(scope["path"], MOST_BODY_BYTES)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            await problem_answer(TooLarge())(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise TooLarge
            return message

        await self._app(scope, counted, send)


class UnderstoodApps:
    """ASGI middleware: refuse apps that speak an older protocol than *oldest*.

    Others than our apps name no protocol, and are let through.
    """

    def __init__(self, app: Asgi, oldest: int) -> None:
        self._app = app
        self._oldest = oldest

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, unless nobody here would understand it."""
        spoken = b""
        if scope["type"] == "http":
            spoken = dict(scope["headers"]).get(HEADER.lower().encode(), b"")
        if spoken.isdigit() and int(spoken) < self._oldest:
            await problem_answer(AppTooOld())(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _check_raw(kind: Any, value: Any) -> Any:
    if is_dataclass(kind) and isinstance(value, dict):
        hints = _hints_of(cast("Hashable", kind))
        for field in fields(kind):
            if field.name in value:
                _check_raw(hints[field.name], value[field.name])
    elif isinstance(value, list) and (inner := get_args(kind)):
        for item in value:
            _check_raw(inner[0], item)
    elif kind in (int, bool) and type(value) is not kind:
        raise ValueError(f"not written as {kind.__name__}")
    elif kind is datetime:
        _check_instant(value)
    elif isinstance(value, str):
        value.encode()  # half a surrogate pair is no text: UnicodeEncodeError is a ValueError
    return value


@cache
def _hints_of(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _check_instant(value: Any) -> None:
    if not isinstance(value, str):
        raise ValueError("an instant is written as text")  # noqa: TRY004 - pydantic listens to ValueError
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None and instant.astimezone(UTC).year in _YEARS:
            return
    except (ValueError, OverflowError):
        pass
    raise ValueError("an instant is ISO 8601 with its offset")
