"""What reports refuse."""

from server.problems import Problem


class YearStillOpen(Problem):
    """A year is published when it is over and late entries have come in: from 1 February on."""

    status = 409
    code = "year_still_open"


class AlreadyPublished(Problem):
    """Published figures stay as they are: two editions side by side would give hidden ones away."""

    status = 409
    code = "already_published"


class NotPublished(Problem):
    """There are no published figures of this year."""

    status = 404
    code = "not_published"


class MalformedMonth(Problem):
    """A month is written as 2.2027."""

    status = 422
    code = "malformed_month"


class PeriodEndsTooSoon(Problem):
    """A period ends in the month in which it begins, or later."""

    status = 422
    code = "period_ends_too_soon"


class PeriodTooLong(Problem):
    """Figures are chosen of ten years at most."""

    status = 422
    code = "period_too_long"


class PeriodToCome(Problem):
    """Nothing has happened in a month that is still to come."""

    status = 422
    code = "period_to_come"


class VenueNotInArea(Problem):
    """Figures are chosen of a venue of the own area."""

    status = 422
    code = "venue_not_in_area"


class PlaceUnknown(Problem):
    """No municipality and no county has this code."""

    status = 404
    code = "place_unknown"


class PlaceMiswritten(Problem):
    """A place is named by its code: "049" with its zero, "county-06". The detail tells which."""

    status = 404
    code = "place_miswritten"


class PlaceNotInNetwork(Problem):
    """There are no figures of the place, which the detail names: it is not in the network."""

    status = 404
    code = "place_not_in_network"


class PlaceMergedAway(Problem):
    """The municipality is part of another one, which the detail names, with the year."""

    status = 404
    code = "place_merged_away"


class PlaceNotPublished(Problem):
    """The place, which the detail names, has no figures in this year: it was not in the network."""

    status = 404
    code = "place_not_published"


NO_PLACE = (PlaceUnknown, PlaceMiswritten, PlaceNotInNetwork, PlaceMergedAway, PlaceNotPublished)
"""Why there is nothing to tell of a place."""
