"""What was measured: numbers, their budgets, and the yardsticks beside them."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure. *now* is the instant everything is dated by."""

    now: datetime
    quick: bool

    def times(self, full: int, quick: int) -> int:
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Samples:
    """Repetitions of one thing, in milliseconds."""

    each_ms: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.each_ms)

    @property
    def p95(self) -> float:
        return sorted(self.each_ms)[max(0, -(-len(self.each_ms) * 95 // 100) - 1)]

    def raw(self) -> dict[str, Any]:
        return {
            "times": len(self.each_ms),
            "median_ms": self.median,
            "p95_ms": self.p95,
            "each_ms": [round(one, 4) for one in self.each_ms],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """Something known, measured in the same run, so that another machine's numbers compare."""

    what: str
    value: float
    unit: str = "ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. Without a budget it is there to be compared only."""

    what: str
    value: float
    unit: str = "ms"
    budget: float | None = None
    budget_is_least: bool = False
    yardstick: Yardstick | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return None if self.yardstick is None else self.value / self.yardstick.value

    @property
    def met(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.budget_is_least else self.value <= self.budget

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


def sample(work: Callable[[], object], *, times: int, warm_up: int = 3) -> Samples:
    """Repeat *work*; the first runs fill caches and are not counted."""
    for _ in range(warm_up):
        work()
    return Samples([_once(work) for _ in range(times)])


def sample_each(works: Iterable[Callable[[], object]]) -> Samples:
    """Time each of many different pieces of work once."""
    return Samples([_once(work) for work in works])


def table(figures: Sequence[Figure]) -> str:
    """Set the figures as aligned text."""
    rows = [("what", "figure", "budget", "yardstick", "ratio", "met")]
    rows += [_cells(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _cells(figure: Figure) -> tuple[str, ...]:
    sign = "≥" if figure.budget_is_least else "≤"
    yardstick = figure.yardstick
    return (
        figure.what,
        f"{_number(figure.value)} {figure.unit}",
        "" if figure.budget is None else f"{sign} {figure.budget:g}",
        ""
        if yardstick is None
        else f"{yardstick.what}: {_number(yardstick.value)} {yardstick.unit}",
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        {None: "", True: "yes", False: "NO"}[figure.met],
    )


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
