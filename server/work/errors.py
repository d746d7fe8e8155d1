"""Why long work is refused, and how a process hears that it is not its own any more."""

from server.problems import Problem


class TooMuchWork(Problem):
    """Three pieces of this location's work are unfinished; wait for one of them."""

    status = 409
    code = "too_much_work"


class WorkNotFound(Problem):
    """There is no such work of this location's, or not any more."""

    status = 404
    code = "work_not_found"


class WorkLost(Exception):
    """The work was cancelled, or another process has taken it."""
