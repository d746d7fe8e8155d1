"""What can be wrong with reading on in a list."""

from server.problems import Problem


class MalformedCursor(Problem):
    """The cursor is none that this server gave."""

    status = 422
    code = "malformed_cursor"
