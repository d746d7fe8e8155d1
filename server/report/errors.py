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
