"""What is wrong with a table of visits that were written on paper, or with one of its lines."""

from server.problems import Problem


class TableUnreadable(Problem):
    """The first line must name the columns: at least the day and the card code."""

    status = 422
    code = "table_unreadable"


class TableEmpty(Problem):
    """There is no line with a visit."""

    status = 422
    code = "table_empty"


class TableTooLong(Problem):
    """A table holds at most 50,000 visits and 8 MB; send the rest as another one."""

    status = 422
    code = "table_too_long"


class MalformedDay(Problem):
    """The day of the visit is not written as 28.2.2027."""

    status = 422
    code = "malformed_day"


class MalformedTime(Problem):
    """The time of the visit is not written as 18.00."""

    status = 422
    code = "malformed_time"


class MalformedCardCode(Problem):
    """This is no card code: a symbol is missing or wrong."""

    status = 422
    code = "malformed_card_code"


class UnknownCardCode(Problem):
    """No card has this code."""

    status = 422
    code = "unknown_card_code"


class MalformedNumber(Problem):
    """The number of children is not a number."""

    status = 422
    code = "malformed_number"


class MalformedCategory(Problem):
    """The line does not say what the visit was for, or the venue has no such visits."""

    status = 422
    code = "malformed_category"
