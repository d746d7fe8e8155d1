"""The yardstick of the online scan: its own SQL, sent by pgbench with no server in between.

The statements are caught from the server while it takes one scan, so that they stay true. What
differs from card to card is looked up in a table that only the yardstick has; all else is bound.
"""

import io
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from psycopg import Binary
from psycopg.types.json import Json
from sqlalchemy import Engine, event, select, text
from sqlalchemy.engine import make_url

from server.app import API, create_app
from server.card.models import Card, SignedCredential
from server.db import open_database
from server.ids import new_id
from server.visit.models import Visit
from shared.scan import ScanReceipt
from shared.wire import from_json, to_json
from tests.bench.town import Town
from tests.postgres import binary

_PARAMETER = re.compile(r"%\((\w+)\)s")
_TPS = re.compile(r"tps = ([0-9.]+)")
_AVERAGE = re.compile(r"latency average = ([0-9.]+)")


@dataclass(slots=True)
class _Script:
    """A pgbench script in the making. `bound` are its variables, given on the command line."""

    card: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    bound: dict[str, str] = field(default_factory=dict)

    def add(self, statement: str, parameters: Mapping[str, Any]) -> None:
        written = _PARAMETER.sub(lambda found: self._value(parameters[found[1]]), statement)
        self.lines.append(" ".join(written.replace("%%", "%").split()) + ";")

    def _value(self, value: Any) -> str:
        if value is None:
            return "NULL"
        plain = _as_text(value)
        if plain in self.card:
            return f"(SELECT {self.card[plain]} FROM bench_card WHERE n = :n)"  # noqa: S608 - our names
        name = next((name for name, seen in self.bound.items() if seen == plain), None)
        if name is None:
            name = f"p{len(self.bound)}"
            self.bound[name] = plain
        return f":{name}"


def measure_sql(town: Town, *, url: str, clients: int, script_path: Path) -> dict[str, Any]:
    """Record each card's scan once, by bare SQL; gives pgbench's rate and the statements.

    Uses the database at *url* up: call it on a fresh copy of the town.
    """
    engine = open_database(url)
    script = _catch_one_scan(town, engine)
    each = (len(town.reports) - 1) // clients
    with engine.begin() as connection:
        _number_the_cards(connection, town)
    engine.dispose()
    counting = ["\\set i :i + 1", f"\\set n :client_id * {each} + :i", "BEGIN;"]
    script_path.write_text("\n".join([*counting, *script.lines, "COMMIT;"]) + "\n")
    bound = [f"-D{name}={value}" for name, value in ({"i": "0"} | script.bound).items()]
    where = make_url(url)
    done = subprocess.run(  # noqa: S603 - our own arguments
        [
            binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
            f"--transactions={each}", f"--file={script_path}", *bound,
            f"--host={where.query['host']}", f"--username={where.username}", str(where.database),
        ],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    rate, average = _TPS.search(done.stdout), _AVERAGE.search(done.stdout)
    if done.returncode or rate is None or average is None:
        raise RuntimeError(f"pgbench failed: {done.stdout} {done.stderr}")
    return {
        "per_second": float(rate[1]),
        "average_ms": float(average[1]),
        "statements": script.lines,
        "said": done.stdout,
    }


def _catch_one_scan(town: Town, engine: Engine) -> _Script:
    """Take one scan in this process, listening to what is sent to the database."""
    report = town.reports[-1]
    sent: list[tuple[str, Mapping[str, Any]]] = []

    @contextmanager
    def listening() -> Iterator[None]:
        def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            sent.append((statement, parameters))

        event.listen(engine, "before_cursor_execute", hear)
        yield
        event.remove(engine, "before_cursor_execute", hear)

    app = create_app(engine, town.settings, ring=town.ring)
    with TestClient(app, headers={"Authorization": f"Bearer {town.bearer}"}) as client:
        # The engine asks the database a few things when it is new.
        client.get(f"{API}/health")
        with listening(), redirect_stdout(io.StringIO()):  # the server's log
            answer = client.post(
                f"{API}/scans",
                content=to_json(report),
                headers={"Content-Type": "application/json"},
            )
    receipt = from_json(ScanReceipt, answer.content)
    with engine.connect() as connection:
        ids = select(Visit.id, Visit.sub, Card.id, Card.holder_id).join(
            Card, Card.id == Visit.card_id
        )
        visit_id, sub, card_id, holder_id = connection.execute(
            ids.where(Visit.scan_id == receipt.scan_id)
        ).one()
    script = _Script(
        {
            str(receipt.scan_id): "scan_id",
            str(visit_id): "visit_id",
            sub: "sub",
            str(card_id): "card_id",
            str(holder_id): "holder_id",
        }
    )
    for statement, parameters in sent:
        script.add(statement, parameters)
    return script


def _number_the_cards(connection: Any, town: Town) -> None:
    """Number the cards that have not been scanned yet, with ids for what will be stored."""
    fresh = (
        select(SignedCredential.sub, Card.id, Card.holder_id)
        .join(Card, Card.id == SignedCredential.card_id)
        .where(SignedCredential.sub.not_in(select(Visit.sub)))
    )
    at = town.reports[0].scanned_at
    rows = [
        {
            "n": n,
            "sub": sub,
            "card": card_id,
            "holder": holder_id,
            "scan": new_id(at),
            "visit": new_id(at),
        }
        for n, (sub, card_id, holder_id) in enumerate(connection.execute(fresh), start=1)
    ]
    connection.execute(
        text(
            "CREATE TABLE bench_card (n int PRIMARY KEY, sub varchar(10), card_id uuid,"
            " holder_id uuid, scan_id uuid, visit_id uuid)"
        )
    )
    connection.execute(
        text("INSERT INTO bench_card VALUES (:n, :sub, :card, :holder, :scan, :visit)"), rows
    )
    connection.execute(text("ANALYZE bench_card"))


def _as_text(value: Any) -> str:
    """Write a bound value as PostgreSQL reads it."""
    if isinstance(value, Binary):
        return f"\\x{bytes(value.obj).hex()}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Json):
        return json.dumps(value.obj)
    if isinstance(value, UUID):
        return str(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
