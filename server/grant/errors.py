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


class UnknownClass(Problem):
    """The grounds or a background class is none of the national list."""

    status = 422
    code = "unknown_class"


class CardNotRenewable(Problem):
    """A card is renewed from 60 days before its last valid day, once, while it is not blocked."""

    status = 409
    code = "card_not_renewable"


class CardAlreadyFollowed(Problem):
    """This card has been renewed or replaced before; the newer card is the one to use."""

    status = 409
    code = "card_already_followed"


class GroundsMissing(Problem):
    """The grounds of a grant are one of the national list."""

    status = 422
    code = "grounds_missing"


class MalformedGroundCode(Problem):
    """The code of a ground has 3 to 30 small letters a-z, digits and underscores."""

    status = 422
    code = "malformed_ground_code"


class GroundCodeTaken(Problem):
    """Another ground has this code."""

    status = 409
    code = "ground_code_taken"


class GroundUnnamed(Problem):
    """A ground is called something in every language, in 1 to 120 characters."""

    status = 422
    code = "ground_unnamed"


class LastGround(Problem):
    """One ground at least stays open: without any, no card could be granted."""

    status = 409
    code = "last_ground"
