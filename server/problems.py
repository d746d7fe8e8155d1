"""Refusals that a caller can act on, and the one place that turns them into HTTP."""

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
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
        self.members: Mapping[str, Any] = {}
        """What else the answer says (RFC 9457 §3.2)."""


class MalformedRequest(Problem):
    """The request is not of the documented form."""

    status = 422
    code = "malformed_request"


class ServerFailed(Problem):
    """Something unexpected went wrong; nothing was stored."""

    status = 500
    code = "server_error"


_PROBLEM_SCHEMA = TypeAdapter(ProblemReport).json_schema()


def refusals(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI which refusals a route can answer with."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    kinds: tuple[type[Problem], ...] = (*problems, MalformedRequest)
    for problem in kinds:
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
    title = _title(type(problem))
    report = ProblemReport(
        problem.status, problem.code, title, problem.detail, problem.retry_after_s
    )
    return _written(report, **problem.members)


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
    if isinstance(error.__cause__, Problem):  # FastAPI wraps what reading the body raised
        return problem_answer(error.__cause__)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's word for a body it cannot parse
        return problem_answer(MalformedRequest())
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_")
    answer = _written(ProblemReport(error.status_code, code, f"{phrase}."))
    answer.headers.update(error.headers or {})
    return answer


async def _fail(_request: Request, _error: Exception) -> JSONResponse:
    return problem_answer(ServerFailed())


def _written(report: ProblemReport, **members: Any) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    if report.retry_after_s is not None:
        headers["Retry-After"] = str(report.retry_after_s)
    if report.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"type": "about:blank"} | asdict(report) | members
    return JSONResponse(jsonable_encoder(body), report.status, headers, media_type=MEDIA_TYPE)


def _described(kinds: list[type[Problem]]) -> dict[str, Any]:
    lines = [f"`{kind.code}`: {_title(kind)}" for kind in kinds]
    return {
        "description": "\n\n".join(lines),
        "content": {MEDIA_TYPE: {"schema": _PROBLEM_SCHEMA}},
    }


def _title(kind: type[Problem]) -> str:
    return (kind.__doc__ or kind.code).strip().splitlines()[0]
