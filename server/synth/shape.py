"""How much happened in a year, nationally: what synthetic data are shaped like.

Source: kaikukortti.fi, statistics of 2019 to 2023 (every row adds up). The two years after them are
estimates that lead to the sums told for the end of October 2025: 98,000 cards, 268,000 uses.
"""

from server.report.years import NationalYear
from shared.scan import Category


def _year(  # noqa: PLR0913, PLR0917 - the columns of the table
    year: int,
    cards: int,
    used: int,
    adults: tuple[int, int, int, int],
    children: tuple[int, int, int, int],
    municipalities: int,
) -> NationalYear:
    kinds = (Category.CULTURE, Category.EDUCATION, Category.SCIENCE, Category.SPORT)
    return NationalYear(
        year,
        cards,
        used,
        dict(zip(kinds, adults, strict=True)),
        dict(zip(kinds, children, strict=True)),
        municipalities,
    )


PUBLISHED = (
    _year(2019, 6_095, 1_667, (5_904, 541, 1_959, 810), (534, 2, 1_412, 365), 21),
    _year(2020, 5_984, 959, (2_452, 97, 1_175, 3_559), (281, 0, 998, 1_273), 38),
    _year(2021, 10_731, 4_363, (3_592, 847, 983, 17_105), (628, 1, 759, 2_653), 50),
    _year(2022, 11_689, 4_433, (9_829, 1_183, 1_708, 21_685), (1_330, 11, 4_048, 1_368), 54),
    _year(2023, 14_789, 5_608, (16_193, 2_043, 1_986, 22_524), (2_414, 27, 1_432, 4_569), 61),
)
"""What was published."""

ESTIMATED = (
    _year(2024, 22_500, 8_600, (19_400, 2_500, 2_400, 27_100), (2_900, 40, 1_700, 5_460), 98),
    _year(2025, 26_212, 10_000, (20_800, 2_600, 2_500, 29_000), (3_100, 40, 1_900, 6_280), 120),
)

YEARS = PUBLISHED + ESTIMATED
