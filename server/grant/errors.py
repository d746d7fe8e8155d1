"""Why a card was not granted."""

from server.problems import Problem


class TooYoung(Problem):
    """The holder turns 16 in a later year (R1)."""

    status = 422
    code = "too_young"


class MalformedBirthYear(Problem):
    """The birth year is not a year in which a living person was born."""

    status = 422
    code = "malformed_birth_year"


class MalformedPostcode(Problem):
    """A Finnish postcode has five digits."""

    status = 422
    code = "malformed_postcode"


class HomeNotInNetwork(Problem):
    """The home postcode belongs to no municipality of the network (R3)."""

    status = 422
    code = "home_not_in_network"


class ChildrenOutOfRange(Problem):
    """The number of children is not from 0 to 23."""

    status = 422
    code = "children_out_of_range"
