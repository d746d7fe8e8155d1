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
    """The event lasts more than a week, add each of its days; or a course more than a year."""

    status = 422
    code = "event_too_long"


class EventCategoryNotHere(Problem):
    """The venue records no visits of this category."""

    status = 422
    code = "event_category_not_here"


class PlacesOutOfRange(Problem):
    """The number of places is from 0 to 9999, or is left open."""

    status = 422
    code = "places_out_of_range"


class FeeOfNoCourse(Problem):
    """Only a course has a fee; whatever else holders come to is free."""

    status = 422
    code = "fee_of_no_course"


class UnknownAccessibility(Problem):
    """What one may rely on is chosen from the list."""

    status = 422
    code = "unknown_accessibility"


class LinkNotSafe(Problem):
    """An address begins with https:// and has at most 500 characters, without spaces."""

    status = 422
    code = "link_not_safe"


class DocumentUnreadable(Problem):
    """The file is no list of events of Linked Events (JSON)."""

    status = 422
    code = "document_unreadable"


class DocumentTooLong(Problem):
    """The document has more than 500 events, or more than 8 MB."""

    status = 422
    code = "document_too_long"


class DocumentEmpty(Problem):
    """There is no event in the document."""

    status = 422
    code = "document_empty"


class SourceUnnamed(Problem):
    """An event of the document has no id of 1 to 120 characters, by which it is known again."""

    status = 422
    code = "source_unnamed"


class SourceUntimed(Problem):
    """An event of the document says no instant, with its zone, at which it begins or ends."""

    status = 422
    code = "source_untimed"


class EventHasVisits(Problem):
    """Somebody came to the event, so it stays."""

    status = 409
    code = "event_has_visits"
