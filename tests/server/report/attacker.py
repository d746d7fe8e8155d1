"""Somebody who reads all that is published, and works out what is hidden with a solver."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import highspy

from server.report.publishing.disclosure import Cell, Total

ROUNDING = 1e-5


class Attacker:
    """Knows every figure but the hidden ones, and every total and bound.

    Of a mean that is told, even the sum: more than the published tenths say.
    """

    def __init__(
        self,
        cells: Mapping[Hashable, Cell],
        totals: Iterable[Total],
        hidden: Iterable[Hashable],
    ) -> None:
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]
        self._model.setOptionValue("output_flag", False)  # noqa: FBT003
        self._unknown = {key: self._model.addVariable(lb=0, ub=1e6) for key in hidden}
        for total in totals:
            terms = total.terms()
            unknown = [weight * self._unknown[key] for key, weight in terms.items() if key in self]
            if unknown:
                known = sum(terms[key] * cells[key].value for key in terms if key not in self)
                left = sum(unknown[1:], unknown[0])
                self._model.addConstr(left >= -known if total.more else left == -known)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._unknown

    def bounds(self, key: Hashable) -> tuple[float, float]:
        """Give the least and the most that a hidden figure can be."""
        found = []
        for seek in (self._model.minimize, self._model.maximize):
            seek(self._unknown[key])
            assert self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(self._model.getObjectiveValue())
        return found[0], found[1]


def found_out(
    cells: Mapping[Hashable, Cell],
    totals: Sequence[Total],
    hidden: Iterable[Hashable],
    *,
    among: Iterable[Hashable] | None = None,
) -> list[Hashable]:
    """Tell which small cells an attacker bounds more closely than the rule allows."""
    attacker = Attacker(cells, totals, hidden)
    found = []
    for key in cells if among is None else among:
        cell = cells[key]
        if not cell.tells:
            continue
        assert key in attacker
        least, most = attacker.bounds(key)
        too_low = least > max(0, cell.value - cell.width) + ROUNDING
        if too_low or most < cell.value + cell.width - ROUNDING:
            found.append(key)
    return found
