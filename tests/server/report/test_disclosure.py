"""An attacker who reads all that is published bounds no small cell closer than the rule allows."""

import random
from itertools import product

import pytest

from server.report.live.lines import hide_line
from server.report.publishing.disclosure import FEWEST, FEWEST_WELLBEING, Cell, Total
from server.report.publishing.linked import hide
from tests.server.report.attacker import found_out

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


SHAPES = [(4, 3), (6, 4), (3, 3, 2), (4, 3, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_found_by_subtracting(seed: int, shape: tuple[int, ...]) -> None:
    cells, totals = cube(seed, *shape, most=30)

    hidden = hide(cells, totals).hidden

    assert any(cell.tells for cell in cells.values())
    assert found_out(cells, totals, hidden) == []


@pytest.mark.parametrize("seed", range(3))
def test_whoever_knows_all_of_one_place_finds_nobody_of_another(seed: int) -> None:
    cells, totals = cube(seed, 6, 4, most=30)
    places = [[key for key in cells if key[0] == f"p{n}"] for n in range(6)]

    def found(hidden: frozenset[Key]) -> list[Key]:
        return [
            key
            for known in places
            for key in found_out(
                cells, totals, hidden - {*known}, among=[key for key in cells if key not in known]
            )
        ]

    assert found(hide(cells, totals, knowing=places).hidden) == []
    assert found(hide(cells, totals).hidden) != [], "a reader who knows more is to be reckoned with"


def test_hiding_small_cells_alone_would_give_them_away() -> None:
    """The attacker of these tests is a real one: without the second step it finds people."""
    given_away = 0
    for seed in range(4):
        cells, totals = cube(seed, 4, 3, most=30)
        small = {key for key, cell in cells.items() if cell.tells}
        given_away += len(found_out(cells, totals, small))

    assert given_away > 0


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
        (Cell(value=9, holders=9, fewest=FEWEST_WELLBEING), True),
        (Cell(value=10, holders=10, fewest=FEWEST_WELLBEING), False),
        (Cell(value=1000, holders=200, largest=5, second=5, alike=True), True),
    ],
)
def test_what_tells_too_much_by_itself(cell: Cell, tells: bool) -> None:  # noqa: FBT001
    assert cell.tells is tells


def test_what_is_safe_is_published_whole() -> None:
    cells, totals = cube(1, 3, 3, most=5)
    many = {key: Cell(1000, 500, 10, 10) for key in cells}

    assert hide(many, totals).hidden == frozenset()


def test_what_open_totals_give_away_is_told_apart_and_hidden_all_the_same() -> None:
    cells = {
        "all": Cell(20, 20, open=True),
        "big": Cell(18, 18, open=True),
        "small": Cell(2, 2),
        "other": Cell(3, 3),
        "together": Cell(5, 5),
    }
    totals = [Total("all", ["big", "small"]), Total("together", ["small", "other"])]

    pattern = hide(cells, totals)

    assert pattern.given_away == {"small"}
    assert pattern.hidden == {"small", "other", "together"}
    assert found_out(cells, totals, pattern.hidden) == ["small"]


def test_a_cell_that_can_move_a_little_is_moved_as_far_as_it_goes() -> None:
    """Six in all is open: of the small ones each may be anything from nothing to six."""
    cells = {"all": Cell(6, 6, open=True), "a": Cell(2, 2), "b": Cell(4, 4), "c": Cell(0, 0)}
    totals = [Total("all", ["a", "b", "c"])]

    pattern = hide(cells, totals)

    assert pattern.hidden == {"a", "b", "c"}
    assert pattern.given_away == {"a", "b"}


def test_what_cannot_be_less_than_something_shown_hides_nobody() -> None:
    """Without the bound the middle one would be hidden with the small one, and be no cover."""
    cells = {
        "all": Cell(1000, 900),
        "small": Cell(2, 2),
        "middle": Cell(8, 8),
        "large": Cell(990, 890),
        "part of middle": Cell(7, 7),
    }
    total = Total("all", ["small", "middle", "large"])
    bound = Total("middle", ["part of middle"], more=True)

    assert hide(cells, [total]).hidden == {"small", "middle"}
    hidden = hide(cells, [total, bound]).hidden

    assert found_out(cells, [total, bound], {"small", "middle"}) == ["small"]
    assert found_out(cells, [total, bound], hidden) == []


def test_a_mean_that_is_told_is_reckoned_with() -> None:
    """Ratings by stars, their number, and the sum that the mean gives: two sums of five parts."""
    counted = {1: 2, 2: 30, 3: 40, 4: 60, 5: 100}
    cells = {str(stars): Cell(n, n) for stars, n in counted.items()}
    cells["ratings"] = Cell(232, 232)
    cells["sum"] = Cell(sum(stars * n for stars, n in counted.items()), 232, 5, 5, step=3)
    stars = list(cells)[:5]
    totals = [Total("ratings", stars), Total("sum", stars, [1.0, 2.0, 3.0, 4.0, 5.0])]

    hidden = hide(cells, totals).hidden

    assert found_out(cells, totals, {"1", "2"}) == ["1"]
    assert found_out(cells, totals, hidden) == []


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
