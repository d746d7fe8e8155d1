"""Tables that are written while they go out, so that they may be longer than memory."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import islice

from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

AT_ONCE = 500
"""Rows that are sent together: some 40 kB."""

Rows = Generator[Sequence[str | int], None, None]


class StreamedTable(StreamingResponse):
    """A CSV as Finnish spreadsheets open it: UTF-8 with its mark, semicolons.

    Whatever becomes of whoever reads it, the rows are closed in the end: a reader that goes away
    stops the query behind them.
    """

    media_type = "text/csv"

    def __init__(self, rows: Rows, *, name: str) -> None:
        self._chunks = chunks_of(rows)
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        super().__init__(self._chunks, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._chunks.close)


def chunks_of(rows: Rows) -> Generator[bytes, None, None]:
    """Write rows as CSV, many at a time."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    yield BOM_UTF8
    with closing(rows):
        while many := list(islice(rows, AT_ONCE)):
            table.writerows(many)
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
