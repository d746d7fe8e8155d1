"""What the server says about itself: one JSON line per request, never the text of a code."""

import logging
import time
from secrets import token_hex

import structlog

from server.wire import Asgi, Message, Receive, Send

log = structlog.get_logger()


def set_up_logs(*, readable: bool = False) -> None:
    """Configure logging once per process; *readable* for people at a terminal."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


class RequestLog:
    """ASGI middleware: log method, path, status, duration and, of a refusal, its code.

    The path is that of the route, and the query and the address are left out: all three can hold
    what people typed or who they are.
    """

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve the request, then log it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=token_hex(8))
        started, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            path = getattr(scope.get("route"), "path", "no route")
            log.info("request", method=scope["method"], path=path, status=status, ms=took_ms)
