"""Refusals that a caller can act on, and the one place that turns them into HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.problem import MEDIA_TYPE, ProblemReport

log = structlog.get_logger()


class Problem(Exception):
    """An expected refusal. `code` never changes once shipped; the docstring is its title."""

    status: ClassVar[int]
    code: ClassVar[str]
    keeps_changes: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class MalformedRequest(Problem):
    """The request is not of the documented form."""

    status = 422
    code = "malformed_request"


class ServerFailed(Problem):
    """Something unexpected went wrong; nothing was stored."""

    status = 500
    code = "server_error"


def refusals(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI which refusals a route can answer with."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    for problem in (*problems, MalformedRequest):
        by_status.setdefault(problem.status, []).append(problem)
    return {status: _described(kinds) for status, kinds in by_status.items()}


def install(app: FastAPI) -> None:
    """Answer every refusal as problem+json (RFC 9457)."""
    app.add_exception_handler(Problem, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(Exception, _fail)


def problem_answer(problem: Problem) -> JSONResponse:
    """Write *problem* as an HTTP answer."""
    body = {
        "type": "about:blank",
        "status": problem.status,
        "code": problem.code,
        "title": _title(type(problem)),
        "detail": problem.detail,
        "retry_after_s": problem.retry_after_s,
    }
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after_s is not None:
        headers["Retry-After"] = str(problem.retry_after_s)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, problem.status, headers, media_type=MEDIA_TYPE)


async def _refuse(_request: Request, problem: Exception) -> JSONResponse:
    if not isinstance(problem, Problem):
        raise problem
    structlog.contextvars.bind_contextvars(code=problem.code)
    return problem_answer(problem)


async def _refuse_form(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    # Places and kinds only: the values may be somebody's.
    places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()[:8])
    return problem_answer(MalformedRequest(places))


async def _refuse_http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    phrase = HTTPStatus(error.status_code).phrase
    kind = type("HttpRefusal", (Problem,), {"__doc__": f"{phrase}."})
    kind.status, kind.code = error.status_code, phrase.lower().replace(" ", "_")
    answer = problem_answer(kind())
    answer.headers.update(error.headers or {})
    return answer


async def _fail(_request: Request, _error: Exception) -> JSONResponse:
    return problem_answer(ServerFailed())


def _described(kinds: list[type[Problem]]) -> dict[str, Any]:
    lines = [f"`{kind.code}`: {_title(kind)}" for kind in kinds]
    return {
        "description": "\n\n".join(lines),
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemReport.__name__}"}}},
    }


def _title(kind: type[Problem]) -> str:
    return (kind.__doc__ or kind.code).strip().splitlines()[0]
