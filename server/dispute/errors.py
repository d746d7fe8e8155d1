"""Why a visit cannot be disputed."""

from server.problems import Problem


class DisputedVisitUnknown(Problem):
    """The holder has no such visit."""

    status = 404
    code = "disputed_visit_unknown"


class DisputedVisitUndone(Problem):
    """The visit is undone already: there is nothing to say about it any more."""

    status = 409
    code = "disputed_visit_undone"


class DisputedVisitTooOld(Problem):
    """The visit is more than a year old: nobody can find out any more what happened."""

    status = 409
    code = "disputed_visit_too_old"


class DisputeIdTaken(Problem):
    """Another visit was disputed by this id."""

    status = 409
    code = "dispute_id_taken"
