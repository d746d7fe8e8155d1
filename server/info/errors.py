"""Why a message about accessibility, or its answer, was not taken."""

from server.problems import Problem


class MessageEmpty(Problem):
    """A message about accessibility has at least one character."""

    status = 422
    code = "message_empty"


class MessageTooLong(Problem):
    """A message has 4,000 characters at most."""

    status = 422
    code = "message_too_long"


class TooManyMessages(Problem):
    """Five messages within an hour from one place; wait, then send again."""

    status = 429
    code = "too_many_messages"


class ReplyCodeMalformed(Problem):
    """What was typed is no reply code: a symbol is wrong or missing."""

    status = 422
    code = "reply_code_malformed"


class ReplyCodeUnknown(Problem):
    """No message has this reply code."""

    status = 404
    code = "reply_code_unknown"


class AnswerEmpty(Problem):
    """An answer has at least one character."""

    status = 422
    code = "answer_empty"


class AnswerTooLong(Problem):
    """An answer has 4,000 characters at most."""

    status = 422
    code = "answer_too_long"


class FeedbackUnknown(Problem):
    """There is no such message."""

    status = 404
    code = "feedback_unknown"


class FeedbackAlreadyAnswered(Problem):
    """Somebody else has answered this message meanwhile."""

    status = 409
    code = "feedback_already_answered"
