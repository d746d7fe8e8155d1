"""How a refusal crosses the network: RFC 9457 problem+json with a stable code."""

from dataclasses import dataclass

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """Why the server said no. Show words for `code`; `title` is for logs and developers.

    `retry_after_s` is set when the same request may succeed later.
    """

    status: int
    code: str
    title: str
    detail: str | None = None
    retry_after_s: int | None = None
