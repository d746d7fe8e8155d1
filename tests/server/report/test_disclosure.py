"""An attacker who reads all that is published bounds no small cell closer than the rule allows."""

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import highspy
import pytest

from server.report.disclosure import FEWEST, CannotHide, Cell, Total, hide_line
from server.report.linked import hide

Key = tuple[str, ...]
ALL = "all"


def cube(seed: int, *axes: int, most: int) -> tuple[dict[Key, Cell], list[Total[Key]]]:
    """Make a table of people who visit: places by categories by months, with every total."""
    chance = random.Random(seed)  # noqa: S311 - a test
    names = [[f"{axis}{n}" for n in range(many)] for axis, many in zip("pcm", axes, strict=False)]
    theirs: dict[Key, list[int]] = {}
    for key in product(*names):
        several = chance.choice([0, 1, 2, chance.randrange(most), chance.randrange(most)])
        theirs[key] = [chance.choice([1, 1, 2, 3, 40]) for _ in range(several)]
    cells: dict[Key, Cell] = {}
    totals: list[Total[Key]] = []
    for key in product(*([ALL, *each] for each in names)):
        inside = [k for k in theirs if all(a in (ALL, b) for a, b in zip(key, k, strict=True))]
        uses = sorted((n for k in inside for n in theirs[k]), reverse=True)
        largest, second = (*uses, 0, 0)[:2]
        open_ = key == (ALL,) * len(axes)
        cells[key] = Cell(sum(uses), len(uses), largest, second, open=open_)
        for axis, each in enumerate(names):
            if key[axis] == ALL:
                parts = [(*key[:axis], name, *key[axis + 1 :]) for name in each]
                totals.append(Total(key, parts))
    return cells, totals


def bounds(
    key: Key, cells: Mapping[Key, Cell], totals: Iterable[Total[Key]], hidden: Iterable[Key]
) -> Iterator[float]:
    """Give the least and the most that *key* can be for somebody who knows all but *hidden*."""
    unknown = list(hidden)
    for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
        attack = highspy.Highs()  # type: ignore[no-untyped-call]
        attack.setOptionValue("output_flag", False)  # noqa: FBT003
        x = {one: attack.addVariable(lb=0, ub=1e6) for one in unknown}
        known = {one: cell.value for one, cell in cells.items()} | x
        for total in totals:
            if {total.of, *total.parts} & x.keys():
                attack.addConstr(known[total.of] == sum(known[part] for part in total.parts))
        attack.minimize(x[key]) if sense == highspy.ObjSense.kMinimize else attack.maximize(x[key])
        assert attack.getModelStatus() == highspy.HighsModelStatus.kOptimal
        yield attack.getObjectiveValue()


def found_out(
    cells: Mapping[Key, Cell], totals: list[Total[Key]], hidden: Iterable[Key]
) -> list[Key]:
    """Tell which small cells an attacker bounds more closely than the rule allows."""
    found = []
    for key, cell in cells.items():
        if not cell.tells:
            continue
        assert key in set(hidden)
        least, most = bounds(key, cells, totals, hidden)
        too_low = least > max(0, cell.value - cell.width) + 1e-6
        if too_low or most < cell.value + cell.width - 1e-6:
            found.append(key)
    return found


SHAPES = [(4, 3), (6, 4), (3, 3, 2), (4, 3, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_found_by_subtracting(seed: int, shape: tuple[int, ...]) -> None:
    cells, totals = cube(seed, *shape, most=30)

    hidden = hide(cells, totals)

    assert any(cell.tells for cell in cells.values())
    assert found_out(cells, totals, hidden) == []


def test_hiding_small_cells_alone_would_give_them_away() -> None:
    """The attacker of these tests is a real one: without the second step it finds people."""
    given_away = 0
    for seed in range(4):
        cells, totals = cube(seed, 4, 3, most=30)
        small = {key for key, cell in cells.items() if cell.tells}
        given_away += len(found_out(cells, totals, small))

    assert given_away > 0


def test_the_same_figures_are_hidden_alike_every_time() -> None:
    cells, totals = cube(1, 6, 4, most=30)

    assert hide(cells, totals) == hide(cells, totals)


@pytest.mark.parametrize(
    ("cell", "tells"),
    [
        (Cell(value=9, holders=FEWEST - 1, largest=3, second=2), True),
        (Cell(value=9, holders=FEWEST, largest=3, second=2), False),
        (Cell(value=0, holders=0, largest=0, second=0), True),
        (Cell(value=0, holders=0, largest=0, second=0, possible=False), False),
        (Cell(value=110, holders=8, largest=100, second=1), True),
        (Cell(value=112, holders=8, largest=100, second=2), False),
        (Cell(value=2, holders=1, largest=2, second=0, open=True), False),
    ],
)
def test_what_tells_too_much_by_itself(cell: Cell, tells: bool) -> None:  # noqa: FBT001
    assert cell.tells is tells


def test_what_is_safe_is_published_whole() -> None:
    cells, totals = cube(1, 3, 3, most=5)
    many = {key: Cell(1000, 500, 10, 10) for key in cells}

    assert hide(many, totals) == frozenset()


def test_open_totals_that_give_a_cell_away_are_refused() -> None:
    cells = {
        "all": Cell(20, 20, open=True),
        "big": Cell(18, 18, open=True),
        "small": Cell(2, 2),
    }

    with pytest.raises(CannotHide):
        hide(cells, [Total("all", ["big", "small"])])


@pytest.mark.parametrize("seed", range(20))
def test_nobody_is_found_in_a_line_by_subtracting_from_its_sum(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    line: dict[Key, Cell] = {}
    for n in range(chance.randrange(2, 9)):
        holders = chance.choice([0, 1, 3, 6, 20])
        line[f"p{n}",] = Cell(2 * holders, holders, 2 if holders else 0, 2 if holders > 1 else 0)
    whole = sum(cell.value for cell in line.values())
    cells = line | {(ALL,): Cell(whole, 99, open=True)}

    hidden = hide_line(line)

    if whole >= max((c.value + c.width for c in line.values() if c.tells), default=0):
        assert found_out(cells, [Total((ALL,), list(line))], hidden) == []
    else:
        assert hidden == set(line)
