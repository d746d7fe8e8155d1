"""Why what a holder or a venue wrote was not taken."""

from server.problems import Problem


class FeedbackEmpty(Problem):
    """Feedback has stars or at least one character; a reply has a character."""

    status = 422
    code = "feedback_empty"


class FeedbackTooLong(Problem):
    """A post has 2,000 characters at most."""

    status = 422
    code = "feedback_too_long"


class StarsOutOfRange(Problem):
    """A visit has 1 to 5 stars."""

    status = 422
    code = "stars_out_of_range"


class NoRecentVisit(Problem):
    """Feedback is about a visit of the last 90 days that the register counts as this holder's."""

    status = 409
    code = "no_recent_visit"


class ThreadUnknown(Problem):
    """This holder has no such thread, or not any more."""

    status = 404
    code = "thread_unknown"


class ThreadClosed(Problem):
    """A coordinator has closed this thread; nobody writes in it any more."""

    status = 409
    code = "thread_closed"


class PostUnknown(Problem):
    """There is no such post of the venue in this holder's threads."""

    status = 404
    code = "post_unknown"


class PostIdTaken(Problem):
    """Another post has this id."""

    status = 409
    code = "post_id_taken"


class TooManyPosts(Problem):
    """Five posts to one venue and twenty in all within a day; wait, then send again."""

    status = 429
    code = "too_many_posts"
