"""Why a limit was not set. Nothing was stored."""

from server.problems import Problem


class LimitOutOfRange(Problem):
    """A limit is a number from 0 to 9999."""

    status = 422
    code = "limit_out_of_range"


class PeriodMissing(Problem):
    """A limit counts in a period; places of a venue in a day, a week or a month."""

    status = 422
    code = "period_missing"


class LimitCategoryNotHere(Problem):
    """The venue records no visits of this category."""

    status = 422
    code = "limit_category_not_here"


class MalformedAmount(Problem):
    """An amount of money is written as 25 or 25,50, up to 9999 euros."""

    status = 422
    code = "malformed_amount"


class CoversNoCourse(Problem):
    """Only a limit of courses says how much of a fee is free."""

    status = 422
    code = "covers_no_course"


class LimitNotFound(Problem):
    """This location has no such limit, or it has ended."""

    status = 404
    code = "limit_not_found"
