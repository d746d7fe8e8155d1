"""Why an area was not added. Nothing was stored."""

from server.problems import Problem


class UnknownMunicipality(Problem):
    """A municipality code has three digits; "049" keeps its zero."""

    status = 422
    code = "unknown_municipality"


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
