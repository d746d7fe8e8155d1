"""What can be wrong with undoing a visit."""

from server.problems import Problem


class VisitNotFound(Problem):
    """This venue has recorded no visit from this scan."""

    status = 404
    code = "visit_not_found"


class UndoTooLate(Problem):
    """A venue may undo a visit for 15 minutes; after that the coordinator does."""

    status = 409
    code = "undo_too_late"
