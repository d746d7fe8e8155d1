"""Adds up uses that come holder by holder, in columns of numbers: millions in a minute.

A column is one of `COLUMNS`; -1 stands for what is not known of a use.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.rollup.cells import AGE_GROUPS
from shared.scan import Category

COLUMNS = (
    "holder", "somebody", "month", "year", "nation", "county", "area", "venue",
    "home_county", "home_area", "cat", "age", "gender", "life", "adults", "children", "late",
)  # fmt: skip
"""`holder` counts up; of an erased one, who is nobody, `somebody` is 0."""

NAMES: Mapping[str, Sequence[str]] = {
    "cat": [str(category) for category in Category],
    "age": AGE_GROUPS,
    "gender": list(GENDERS),
    "life": list(LIFE_SITUATIONS),
}
"""The parts of slices, by their numbers."""

_SUMMED = ("adults", "children", "late")
_WIDTH = 1 << 16
"""More than there are periods, scopes and parts; keys and a chunk's holders fit 63 bits."""

Ints = NDArray[np.int64]
Uses = Mapping[str, Ints]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What uses are added up by: the columns of a period, of a scope and of a part, if any."""

    slices: str
    period: str
    scope: str
    part: str | None = None
    only: str | None = None
    """A column that must be known."""


def groupings() -> Iterator[Grouping]:
    """Give those of all slices of cells; the part of a slice that has any is its last column."""
    somewhere = ("nation", "county", "area", "venue")
    at_home = ("nation", "home_county", "home_area")
    for period in ("month", "year"):
        for scope in somewhere:
            yield Grouping("all", period, scope)
            yield Grouping("cat", period, scope, "cat")
        for scope in at_home:
            yield Grouping("home", period, scope, only="home_area")
        yield Grouping("from", period, "area", "home_area")
    for scope in at_home:
        for of in ("age", "gender", "life"):
            yield Grouping(of, "year", scope, of)


@dataclass(frozen=True, slots=True)
class Tallied:
    """One cell: the numbers of its period, scope and part, and what was added up."""

    grouping: Grouping
    period: int
    scope: int
    part: int
    numbers: list[int]
    """Adults, children, late ones, distinct holders."""


def tally(
    rows: Iterable[Sequence[Sequence[int]]], groupings: Sequence[Grouping]
) -> Iterator[Tallied]:
    """Add up chunks of rows, which are in the order of their holders."""
    sums: dict[Grouping, tuple[Ints, Ints]] = {}
    for uses in _whole_holders(rows):
        for grouping in groupings:
            counted = _count(uses, grouping)
            known = sums.get(grouping)
            sums[grouping] = counted if known is None else _merge(known, counted)
    for grouping, (keys, numbers) in sums.items():
        for key, counted_ in zip(keys.tolist(), numbers.T.tolist(), strict=True):
            whole, part = divmod(key, _WIDTH)
            period, scope = divmod(whole, _WIDTH)
            yield Tallied(grouping, period, scope, part, counted_)


def _whole_holders(rows: Iterable[Sequence[Sequence[int]]]) -> Iterator[Uses]:
    """Give columns in which nobody's uses are cut in two."""
    rest = np.empty((len(COLUMNS), 0), dtype=np.int64)
    for chunk in rows:
        table = np.concatenate(
            [rest, np.array([tuple(row) for row in chunk], dtype=np.int64).T], axis=1
        )
        last = np.searchsorted(table[0], table[0, -1])
        rest = table[:, last:]
        if last:
            yield dict(zip(COLUMNS, table[:, :last], strict=True))
    if rest.shape[1]:
        yield dict(zip(COLUMNS, rest, strict=True))


def _count(uses: Uses, grouping: Grouping) -> tuple[Ints, Ints]:
    """Give the keys of the cells, and a row of numbers for each thing that is counted."""
    columns = [uses[grouping.period], uses[grouping.scope]]
    columns.append(np.zeros_like(columns[0]) if grouping.part is None else uses[grouping.part])
    fit = np.all([column >= 0 for column in columns], axis=0)
    if grouping.only is not None:
        fit &= uses[grouping.only] >= 0
    period, scope, part = (column[fit] for column in columns)
    keys, place = np.unique((period * _WIDTH + scope) * _WIDTH + part, return_inverse=True)
    numbers = np.zeros((len(_SUMMED) + 1, len(keys)), dtype=np.int64)
    for row, name in enumerate(_SUMMED):
        numbers[row] = np.bincount(place, weights=uses[name][fit], minlength=len(keys))
    somebody = uses["somebody"][fit] > 0
    holder = uses["holder"][fit] - uses["holder"][0]
    each = np.unique(holder[somebody] * len(keys) + place[somebody])
    numbers[-1] = np.bincount(each % max(len(keys), 1), minlength=len(keys))
    return keys, numbers


def _merge(one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    keys, place = np.unique(np.concatenate([one[0], other[0]]), return_inverse=True)
    both = np.concatenate([one[1], other[1]], axis=1)
    added = [np.bincount(place, weights=row, minlength=len(keys)) for row in both]
    return keys, np.array(added).astype(np.int64)
