"""Why an event was not added. Nothing was stored."""

from server.problems import Problem


class EventUnnamed(Problem):
    """An event needs a name of 1 to 120 characters, by which staff know it at the door."""

    status = 422
    code = "event_unnamed"


class EventEndsTooSoon(Problem):
    """The event ends before it begins, or at that moment."""

    status = 422
    code = "event_ends_too_soon"


class EventTooLong(Problem):
    """The event lasts more than a week; add each of its days."""

    status = 422
    code = "event_too_long"


class EventCategoryNotHere(Problem):
    """The venue records no visits of this category."""

    status = 422
    code = "event_category_not_here"


class EventHasVisits(Problem):
    """Somebody came to the event, so it stays."""

    status = 409
    code = "event_has_visits"
