"""What of tables that share totals must stay hidden. Pure.

Small cells alone would be given away by subtraction. For each of them there is, when others are
hidden with it, another table, just as possible to whoever reads all that is published, in which it
is larger by its width, and one in which it is smaller. The others are found by a linear programme
for each small cell, the fewest uses first; one other table often serves many small cells. The order
is fixed, so that the same figures are always hidden alike.
Source: R26; Fischetti and Salazar on cell suppression.

The solver is large: only who publishes imports this.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import highspy
import numpy as np

from server.report.disclosure import Cell, Key, Total

_ROUNDING = 1e-6
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


def hide(cells: Mapping[Key, Cell], totals: Iterable[Total[Key]]) -> Pattern[Key]:
    """Choose the cells that must not be published."""
    program = _Program(cells, list(totals))
    in_order = sorted(
        (place for place, cell in enumerate(cells.values()) if cell.tells),
        key=lambda place: (-program.widths[place], place),
    )
    program.hide(in_order)
    given_away = set()
    for sign in (1, -1):
        for place in in_order:
            if not program.is_blurred(place, sign) and not program.blur(place, sign):
                given_away.add(program.keys[place])
    hidden = frozenset(key for place, key in enumerate(program.keys) if program.hidden[place])
    return Pattern(hidden, frozenset(given_away))


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
        self._reach = {sign: np.zeros(len(cells)) for sign in (1, -1)}
        self._rooms: list[tuple[list[int], Any, float]] = []
        self._model = self._build(cells, totals)

    def _build(self, cells: Mapping[Key, Cell], totals: Sequence[Total[Key]]) -> Any:
        place_of = {key: place for place, key in enumerate(self.keys)}
        values = {key: float(cell.value) for key, cell in cells.items()}
        starts, columns, signs = [0], list[int](), list[float]()
        most = []
        for total in totals:
            places = [place_of[key] for key in total.terms()]
            weights = list(total.terms().values())
            if total.more:
                room = max(0.0, total.left(values))
                self._rooms.append((places, np.array(weights), room))
                most.append((-room, highspy.kHighsInf))
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

    def is_blurred(self, place: int, sign: int) -> bool:
        """Tell whether a table found before has the cell off by its width already."""
        return bool(self._reach[sign][place] >= self._wanted(place, sign) - _ROUNDING)

    def blur(self, place: int, sign: int) -> bool:
        """Hide what it takes for the cell to be off by its width, or else by as much as it can be.

        False: that is less than the width.
        """
        wanted = self._wanted(place, sign)
        moved = self._solve(place, sign, wanted)
        by = wanted
        if moved is None:
            by = self._farthest(place, sign, wanted)
            moved = self._solve(place, sign, by)
        if moved is not None:
            self.hide(np.flatnonzero(np.abs(moved) > _ROUNDING).tolist())
            self._note(moved)
        return by >= wanted - _ROUNDING

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
        self._model.changeColBounds(2 * place, 0.0, self._most_up[place])
        self._model.changeColBounds(2 * place + 1, 0.0, self._most_down[place])
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

    def _note(self, moved: Any) -> None:
        """Note how far this table, and its mirror image, takes each cell."""
        for way in (moved, -moved):
            farther = way * min(self._times(way), 1e6)
            for sign in (1, -1):
                np.maximum(self._reach[sign], sign * farther, out=self._reach[sign])

    def _times(self, moved: Any) -> float:
        """Tell how many times as far a reader may move so, until something is less than nothing."""
        return min(self._limits(moved), default=1.0)

    def _limits(self, moved: Any) -> Iterator[float]:
        yield 1e6
        down = moved < -_ROUNDING
        if down.any():
            yield float(np.min(self._values[down] / -moved[down]))
        for places, weights, room in self._rooms:
            change = float(weights @ moved[places])
            if change < -_ROUNDING:
                yield room / -change
