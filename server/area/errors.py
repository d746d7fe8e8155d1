"""Why an area was not added, or its settings not changed. Nothing was stored."""

from server.problems import Problem


class UnknownMunicipality(Problem):
    """The municipality is not in the official code list."""

    status = 422
    code = "unknown_municipality"


class IncompleteMunicipalityCode(Problem):
    """A municipality code has three digits; "049" keeps its zero.

    The detail tells the whole code, and whose it is.
    """

    status = 422
    code = "incomplete_municipality_code"


class AreaTaken(Problem):
    """The municipality is in the network already."""

    status = 409
    code = "area_taken"


class MalformedPostcodes(Problem):
    """An area has 1 to 500 postcodes of five digits."""

    status = 422
    code = "malformed_postcodes"


class PostcodeTaken(Problem):
    """A postcode belongs to one area, and this one to another."""

    status = 409
    code = "postcode_taken"


class ChildrenAgeOutOfRange(Problem):
    """The age below which children come along is a whole number of years from 7 to 25."""

    status = 422
    code = "children_age_out_of_range"


class AreaNotInNetwork(Problem):
    """The municipality is none of the network's areas."""

    status = 422
    code = "area_not_in_network"


class MergesIntoItself(Problem):
    """An area merges into another one."""

    status = 422
    code = "merges_into_itself"


class MergedAlready(Problem):
    """The area has merged into another one already."""

    status = 409
    code = "merged_already"


class MergerInThePast(Problem):
    """A merger takes effect on the first of one of the next twelve months.

    What has been counted for an area stays there.
    """

    status = 422
    code = "merger_in_the_past"
