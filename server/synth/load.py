"""Fills an empty database with a synthetic network."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import chain
from random import Random
from typing import Any, cast

import numpy as np
from sqlalchemy import Engine, Table, select

from server.card.models import Card
from server.holder.models import Holder
from server.report.years import NationalYear
from server.scan.models import Scan
from server.synth.codes import Codes
from server.synth.lanes import lanes_into
from server.synth.life import Year
from server.synth.shape import YEARS
from server.synth.town import Ids, build_towns, rows_of
from server.visit.models import Visit

Say = Callable[[str], None]


def fill(
    engine: Engine,
    *,
    seed: int = 1,
    scale: int = 1,
    years: Iterable[NationalYear] = YEARS,
    say: Say = lambda _: None,
) -> int:
    """Fill an empty database with a synthetic network; gives the number of visits.

    All of it or nothing, unless the machine stops between two commits. Figures of reports are
    not counted: `rebuild` does that.

    Raises:
        ValueError: The database has holders, and may be a real one.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret
    ids, codes = Ids(chance), Codes(chance.getrandbits(30))
    many = np.random.default_rng(seed)
    shapes = list(years)
    towns = build_towns(chance, ids, many=max(shape.municipalities for shape in shapes))
    made = [cast("Table", of.__table__) for of in (Holder, Card, Scan, Visit)]
    tables = {one.name: one for one in made}
    with engine.connect() as connection:
        if connection.scalar(select(Holder.id).limit(1)) is not None:
            raise ValueError("synthetic data go into an empty database only")
    groups = [made[:-1], made[-1:]] if engine.dialect.name == "postgresql" else [made]
    visits = 0
    with lanes_into(engine, groups) as lanes:
        lane_of = {one.name: lane for lane, some in zip(lanes, groups, strict=True) for one in some}
        places: dict[Any, list[dict[str, Any]]] = {}
        for table, row in rows_of(towns, joined=_joined(shapes, len(towns))):
            places.setdefault(table, []).append(row)
        for table, rows in places.items():
            lanes[0].insert(table, rows)
        for shape in shapes:
            year = Year(shape, towns, chance=many, ids=ids, codes=codes, scale=scale)
            for name, columns in chain(year.cards(), year.visits()):
                lane_of[name].load(tables[name], columns)
                if name == "visit":
                    visits += len(columns["id"])
                    say(f"{shape.year}: {visits:,} visits")
        say("Indexes …")
    return visits


def _joined(shapes: Iterable[NationalYear], towns: int) -> list[datetime]:
    """Tell for each town when it came into the network: as a year has more than those before."""
    joined: list[datetime] = []
    for shape in sorted(shapes, key=lambda shape: shape.year):
        new = min(shape.municipalities, towns) - len(joined)
        joined += [datetime(shape.year, 1, 1, 8, tzinfo=UTC)] * new
    return joined
