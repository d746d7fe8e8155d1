"""The yardstick of the online scan on SQLite: its own SQL on one connection, with no server.

The statements of each scan are caught while the server takes it, and sent again to a fresh copy of
the town. One connection, because SQLite lets one writer in at a time.
"""

import io
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event

from server.app import API, create_app
from server.db import open_database
from shared.wire import to_json
from tests.bench.town import Town

Sent = list[tuple[str, Any]]


def measure_sql(town: Town, *, folder: Path, times: int) -> dict[str, Any]:
    """Record *times* scans by bare SQL, each in a durable transaction; gives the rate."""
    heard = _hear(town, town.copy_to_sqlite(folder / "heard.db"), times=times)
    engine = open_database(town.copy_to_sqlite(folder / "bare.db"))
    connection = engine.raw_connection()
    began = time.perf_counter()
    for sent in heard:
        for statement, parameters in sent:
            connection.cursor().execute(statement, parameters).fetchall()
        connection.commit()
    took = time.perf_counter() - began
    connection.close()
    engine.dispose()
    return {"per_second": times / took, "statements": [statement for statement, _ in heard[-1]]}


def _hear(town: Town, url: str, *, times: int) -> list[Sent]:
    engine = open_database(url)
    heard: list[Sent] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        heard[-1].append((statement, parameters))

    app = create_app(engine, town.settings, ring=town.ring)
    with TestClient(app, headers={"Authorization": f"Bearer {town.bearer}"}) as client:
        client.get(f"{API}/health")  # a new engine asks the database a few things of its own
        event.listen(engine, "before_cursor_execute", hear)
        with redirect_stdout(io.StringIO()):  # the server's log
            for report in town.reports[:times]:
                heard.append([])
                answer = client.post(
                    f"{API}/scans",
                    content=to_json(report),
                    headers={"Content-Type": "application/json"},
                )
                answer.raise_for_status()
    engine.dispose()
    return heard
