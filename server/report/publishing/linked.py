"""What of tables that share totals must stay hidden. Pure.

Small cells alone would be given away by subtraction. For each of them there is, when others are
hidden with it, another table, just as possible to whoever reads all that is published, in which it
is larger by its width, and one in which it is smaller. The others are found by a linear programme
for each small cell, the fewest uses first; one other table often serves many small cells. The order
is fixed, so that the same figures are always hidden alike.
Source: R26; Fischetti and Salazar on cell suppression.

The solver is large: only who publishes imports this.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import highspy
import numpy as np

from server.report.publishing.disclosure import Cell, Key, Total

_ROUNDING = 1e-6
_FAR = 1e6
"""Times."""
_OPTIONS: Mapping[str, Any] = {
    "output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern(Generic[Key]):
    """What must not be published.

    Attributes:
        hidden: All of it.
        given_away: Those of them that a reader knows more closely than the rule allows, whatever
            is hidden: what is open anyhow gives them away.
    """

    hidden: frozenset[Key]
    given_away: frozenset[Key]


def hide(
    cells: Mapping[Key, Cell],
    totals: Iterable[Total[Key]],
    *,
    knowing: Iterable[Collection[Key]] = (),
) -> Pattern[Key]:
    """Choose the cells that must not be published.

    Args:
        cells: All of them.
        totals: How they hang together.
        knowing: Cells that somebody knows in any case, small or not: to each of these readers the
            small cells of all others must stay as uncertain, where that can be.
    """
    program = _Program(cells, list(totals))
    small = sorted(
        (place for place, cell in enumerate(cells.values()) if cell.tells),
        key=lambda place: (-program.widths[place], place),
    )
    program.hide(small)
    given_away = program.blur_all(small)
    for known in knowing:
        program.blur_all([one for one in small if one not in given_away], known)
    hidden = frozenset(key for place, key in enumerate(program.keys) if program.hidden[place])
    return Pattern(hidden, frozenset(program.keys[place] for place in given_away))


@dataclass(frozen=True, slots=True)
class _Table:
    """Another table as a reader may imagine it: how far up, and down, it takes which cells."""

    places: Any
    up: Any
    down: Any

    def note(self, reach: Mapping[int, Any]) -> None:
        """Note it in how far all tables take each cell, up and down."""
        for sign, far in ((1, self.up), (-1, self.down)):
            reach[sign][self.places] = np.maximum(reach[sign][self.places], far)


class _Program(Generic[Key]):
    """The cells as columns, the totals as rows of a linear programme.

    Each cell has two columns: by how much it may be thought larger, then smaller. A solution is
    another table as a reader may imagine it.
    """

    def __init__(self, cells: Mapping[Key, Cell], totals: Sequence[Total[Key]]) -> None:
        self.keys = list(cells)
        self.widths = np.array([float(cell.width) for cell in cells.values()])
        self.hidden = np.zeros(len(cells), dtype=bool)
        self._values = np.array([float(cell.value) for cell in cells.values()])
        movable = np.array([cell.possible and not cell.open for cell in cells.values()])
        self._most_up = np.where(movable, highspy.kHighsInf, 0.0)
        self._most_down = np.where(movable, self._values, 0.0)
        # The fewer uses are lost to readers, the better; what is hidden costs nothing more.
        steps = np.array([float(cell.step) for cell in cells.values()])
        self._costs = 1.0 + self._values / steps
        self._tables: list[_Table] = []
        self._rooms = list[float]()
        self._rooms_of: list[list[tuple[int, float]]] = [[] for _ in cells]
        self._place_of = {key: place for place, key in enumerate(self.keys)}
        self._model = self._build(cells, totals)

    def _build(self, cells: Mapping[Key, Cell], totals: Sequence[Total[Key]]) -> Any:
        values = {key: float(cell.value) for key, cell in cells.items()}
        starts, columns, signs = [0], list[int](), list[float]()
        most = []
        for total in totals:
            places = [self._place_of[key] for key in total.terms()]
            weights = list(total.terms().values())
            if total.more:
                for place, weight in zip(places, weights, strict=True):
                    self._rooms_of[place].append((len(self._rooms), weight))
                self._rooms.append(max(0.0, total.left(values)))
                most.append((-self._rooms[-1], highspy.kHighsInf))
            else:
                most.append((0.0, 0.0))
            columns += [2 * place + side for place in places for side in (0, 1)]
            signs += [sign * weight for weight in weights for sign in (1.0, -1.0)]
            starts.append(len(columns))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * len(self.keys), len(most)
        lp.col_cost_ = np.repeat(self._costs, 2)
        lp.col_lower_ = np.zeros(lp.num_col_)
        lp.col_upper_ = np.column_stack([self._most_up, self._most_down]).ravel()
        lp.row_lower_ = np.array([low for low, _ in most])
        lp.row_upper_ = np.array([high for _, high in most])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(signs)
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _OPTIONS.items():
            model.setOptionValue(name, value)
        model.passModel(lp)
        return model

    def hide(self, places: Iterable[int]) -> None:
        """Hide these cells."""
        for place in places:
            if not self.hidden[place]:
                self.hidden[place] = True
                for side in (0, 1):
                    self._model.changeColCost(2 * place + side, 0.0)

    def blur_all(self, places: Sequence[int], known: Collection[Key] = ()) -> set[int]:
        """Blur these cells to whoever knows some others; gives those that cannot be blurred."""
        fixed = {self._place_of[key] for key in known}
        for place in fixed:
            self._bound(place, 0.0, 0.0)
        reach = {sign: np.zeros(len(self.keys)) for sign in (1, -1)}
        for table in self._tables:
            if fixed.isdisjoint(table.places.tolist()):
                table.note(reach)
        failed = set()
        for sign in (1, -1):
            for place in places:
                wanted = self._wanted(place, sign)
                if place in fixed or reach[sign][place] >= wanted - _ROUNDING:
                    continue
                moved, by = self._blur(place, sign, wanted)
                if moved is not None:
                    table = self._table(moved)
                    self.hide(table.places.tolist())
                    self._tables.append(table)
                    table.note(reach)
                if by < wanted - _ROUNDING:
                    failed.add(place)
        for place in fixed:
            self._bound(place, self._most_up[place], self._most_down[place])
        return failed

    def _blur(self, place: int, sign: int, wanted: float) -> tuple[Any, float]:
        """Find a table in which the cell is off by so many, or else by as much as it can be."""
        moved = self._solve(place, sign, wanted)
        if moved is not None:
            return moved, wanted
        by = self._farthest(place, sign, wanted)
        return self._solve(place, sign, by), by

    def _bound(self, place: int, up: float, down: float) -> None:
        self._model.changeColBounds(2 * place, 0.0, up)
        self._model.changeColBounds(2 * place + 1, 0.0, down)

    def _wanted(self, place: int, sign: int) -> float:
        width = float(self.widths[place])
        return width if sign > 0 else min(width, float(self._values[place]))

    def _solve(self, place: int, sign: int, by: float) -> Any:
        """Find the cheapest table in which the cell is off *by* so many; None: there is none."""
        if by <= 0:
            return None
        for side, forced in ((2 * place, sign > 0), (2 * place + 1, sign < 0)):
            self._model.changeColBounds(side, by if forced else 0.0, by if forced else 0.0)
        moved = self._run()
        self._bound(place, self._most_up[place], self._most_down[place])
        return moved

    def _farthest(self, place: int, sign: int, wanted: float) -> float:
        """Find by how much the cell can be off when all that is not open is hidden."""
        count = 2 * len(self.keys)
        everything = np.arange(count, dtype=np.int32)
        costs = np.where(np.repeat(self.hidden, 2), 0.0, np.repeat(self._costs, 2))
        only = np.zeros(count)
        only[2 * place + (sign < 0)] = -1.0
        only[2 * place + (sign > 0)] = 1.0
        self._model.changeColsCost(count, everything, only)
        self._model.changeColBounds(2 * place + (sign < 0), 0.0, wanted)
        self._model.changeColBounds(2 * place + (sign > 0), 0.0, 0.0)
        moved = self._run()
        self._model.changeColsCost(count, everything, costs)
        return 0.0 if moved is None else min(wanted, abs(float(moved[place])))

    def _run(self) -> Any:
        # From nothing moved at all: as costs are not negative, a few steps of the dual simplex.
        self._model.clearSolver()
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        columns = np.array(self._model.getSolution().col_value)
        return columns[0::2] - columns[1::2]

    def _table(self, moved: Any) -> "_Table":
        """Keep a table, with its mirror image; each may be as far off as something is nothing."""
        places = np.flatnonzero(np.abs(moved) > _ROUNDING)
        one, other = moved[places], -moved[places]
        one, other = one * min(self._limits(places, one)), other * min(self._limits(places, other))
        return _Table(places, np.maximum(one, other), np.maximum(-one, -other))

    def _limits(self, places: Any, moved: Any) -> Iterator[float]:
        yield _FAR
        changes: dict[int, float] = defaultdict(float)
        for place, by in zip(places.tolist(), moved.tolist(), strict=True):
            if by < 0:
                yield float(self._values[place]) / -by
            for room, weight in self._rooms_of[place]:
                changes[room] += weight * by
        for room, change in changes.items():
            if change < -_ROUNDING:
                yield self._rooms[room] / -change
