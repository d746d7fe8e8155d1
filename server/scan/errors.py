"""Why a report of a scan was not taken. Nothing was stored; the scanner keeps the report."""

from server.problems import Problem


class ScanInFuture(Problem):
    """The scan is dated more than five minutes from now: set the scanner's clock (R22)."""

    status = 422
    code = "scan_in_future"


class TooManyChildrenReported(Problem):
    """More children came in than the card or its token allow (R8)."""

    status = 422
    code = "too_many_children"


class NegativeChildrenReported(Problem):
    """The number of children is below zero."""

    status = 422
    code = "negative_children"


class CategoryNotHere(Problem):
    """The venue records no visits of this category."""

    status = 422
    code = "category_not_here"


class ScanIdTaken(Problem):
    """Another scanner has reported a scan with this id."""

    status = 409
    code = "scan_id_taken"


class BatchTooLong(Problem):
    """A batch holds at most 500 scans."""

    status = 422
    code = "batch_too_long"


class ScanNotWaiting(Problem):
    """No such scan waits for this coordinator; somebody may have decided already."""

    status = 404
    code = "scan_not_waiting"


class Resting(Problem):
    """This scanner asked for too many unknown card codes; it rests for a minute."""

    status = 429
    code = "resting"
