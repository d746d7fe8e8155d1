"""Why a message to many was not sent, or a venue not followed."""

from server.problems import Problem


class VenueUnknown(Problem):
    """There is no such venue."""

    status = 404
    code = "venue_unknown"


class TooManyFollowed(Problem):
    """A holder follows 200 venues at most."""

    status = 409
    code = "too_many_followed"


class NewsEmpty(Problem):
    """A message to holders has at least one character."""

    status = 422
    code = "news_empty"


class NewsTooLong(Problem):
    """A message to holders has 1,000 characters at most."""

    status = 422
    code = "news_too_long"


class TooMuchNews(Problem):
    """Two messages to holders within a week; wait, then send the next one."""

    status = 429
    code = "too_much_news"
