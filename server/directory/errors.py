"""Why something is not in the directory, or was not written into it."""

from server.problems import Problem


class EventNotListed(Problem):
    """No listed venue has this event."""

    status = 404
    code = "event_not_listed"


class VenueNotListed(Problem):
    """There is no such venue, or it has left the network."""

    status = 404
    code = "venue_not_listed"


class VisitorTextTooLong(Problem):
    """What is told to visitors is longer than there is room for."""

    status = 422
    code = "visitor_text_too_long"
