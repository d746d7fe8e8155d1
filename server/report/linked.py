"""What of tables that share totals must stay hidden. Pure.

Small cells alone would be given away by subtraction. For each of them there is, when others are
hidden with it, another table, just as possible to whoever reads all that is published, in which it
is larger by its width, and one in which it is smaller. The others are found by a linear programme
for each small cell, the fewest uses first; the order is fixed, so that the same figures are always
hidden alike. Source: R26; Fischetti and Salazar on cell suppression.

The solver is large: only who publishes imports this.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic

import highspy
import numpy as np

from server.report.disclosure import CannotHide, Cell, Key, Total

_ROUNDING = 1e-6


def hide(cells: Mapping[Key, Cell], totals: Iterable[Total[Key]]) -> frozenset[Key]:
    """Choose the cells that must not be published.

    Raises:
        CannotHide: Open cells give a small one away.
    """
    program = _Program(cells, list(totals))
    hidden = {key for key, cell in cells.items() if cell.tells}
    for key in sorted(hidden, key=lambda key: (-cells[key].width, program.place[key])):
        for sign in (1, -1):
            width = cells[key].width if sign > 0 else min(cells[key].width, cells[key].value)
            if width:
                hidden |= program.blur(key, sign * width, hidden)
    return frozenset(hidden)


class _Program(Generic[Key]):
    """The cells as columns, the totals as rows of a linear programme."""

    def __init__(self, cells: Mapping[Key, Cell], totals: Sequence[Total[Key]]) -> None:
        self.keys = list(cells)
        self.place = {key: place for place, key in enumerate(self.keys)}
        self._cells = [cells[key] for key in self.keys]
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]
        self._model.setOptionValue("output_flag", False)  # noqa: FBT003 - its own way to say so
        self._model.setOptionValue("threads", 1)
        nothing = np.array([], dtype=np.int32)
        for cell in self._cells:  # by how much it may be thought larger, then smaller
            movable = cell.possible and not cell.open
            most = (highspy.kHighsInf, float(cell.value)) if movable else (0.0, 0.0)
            for up in most:
                self._model.addCol(0.0, 0.0, up, 0, nothing, nothing.astype(float))
        for total in totals:
            row = [(self.place[total.of], -1.0), *((self.place[part], 1.0) for part in total.parts)]
            columns = [2 * place + side for place, _ in row for side in (0, 1)]
            signs = [sign * way for _, sign in row for way in (1.0, -1.0)]
            self._model.addRow(
                0.0, 0.0, len(columns), np.array(columns, dtype=np.int32), np.array(signs)
            )

    def blur(self, key: Key, by: int, hidden: set[Key]) -> set[Key]:
        """Give what must be hidden, too, so that *key* may be thought to be off *by* so many."""
        for place, cell in enumerate(self._cells):
            # Hidden ones are free; else the fewer uses are lost to readers, the better.
            cost = 0.0 if self.keys[place] in hidden else 1.0 + cell.value
            self._model.changeColCost(2 * place, cost)
            self._model.changeColCost(2 * place + 1, cost)
        up, down = 2 * self.place[key], 2 * self.place[key] + 1
        cell = self._cells[self.place[key]]
        forced = (float(by), float(by)) if by > 0 else (0.0, 0.0)
        self._model.changeColBounds(up, *forced)
        self._model.changeColBounds(down, *((0.0, 0.0) if by > 0 else (-float(by), -float(by))))
        self._model.clearSolver()
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise CannotHide(key)
        moved = self._model.getSolution().col_value
        self._model.changeColBounds(up, 0.0, highspy.kHighsInf)
        self._model.changeColBounds(down, 0.0, float(cell.value))
        return {
            one
            for place, one in enumerate(self.keys)
            if moved[2 * place] > _ROUNDING or moved[2 * place + 1] > _ROUNDING
        }
