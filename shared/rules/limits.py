"""How many may come along.

Source: R8, R9.
"""


class PartyRefused(Exception):
    """The number of children cannot be recorded; `code` is stable and crosses the network."""

    code: str


class TooManyChildren(PartyRefused):
    """More children than the card has."""

    code = "too_many_children"


class NegativeChildren(PartyRefused):
    """Fewer than none."""

    code = "negative_children"


def check_party(*, children: int, most: int) -> None:
    """The holder may bring *children*, when the card has at most *most*.

    An assistant or interpreter takes no child's place and is not asked about (R9). On a community
    card both numbers count the persons who come along with the leader.

    Raises:
        NegativeChildren: Fewer than none.
        TooManyChildren: More than *most*.
    """
    if children < 0:
        raise NegativeChildren
    if children > most:
        raise TooManyChildren
