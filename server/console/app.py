"""The console: pages that the server draws for the people who run the network.

An application of its own under `/console`: its refusals are pages, and its headers allow no script.
"""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, State
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.clock import seconds
from server.console import (
    agreement,
    analysts,
    area_cards,
    area_settings,
    area_visits,
    brokers,
    cards,
    chosen,
    coordinator,
    disputes,
    distributor,
    erasing,
    events,
    feedback,
    figures,
    info,
    keys,
    limits,
    linked,
    mergers,
    messages,
    method,
    national,
    national_settings,
    paper,
    reported,
    sheets,
    signin,
    statistics,
    statistics_files,
    venue,
    visit_table,
    visitor_feedback,
    visitors,
    work,
)
from server.console.actors import AgreementAsked, ConsoleSignInRequired, signed_in
from server.console.errors import ForeignForm, NotHere
from server.console.forms import read_form
from server.console.kept import keep_form
from server.console.pages import BASE, content_policy, page
from server.problems import Problem, ServerFailed

HEADERS = {
    "Content-Security-Policy": content_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SAFE_METHODS = {"GET", "HEAD"}


def create_console(state: State) -> ASGIApp:
    """Build the console, to be mounted at `/console`; *state* is that of the whole server."""
    console = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    console.state = state
    for router in (
        signin.router, distributor.router, cards.router, venue.router, coordinator.router,
        mergers.router, national.router, analysts.router, paper.router, feedback.router,
        info.router, events.router, limits.router, brokers.router, national_settings.router,
        area_settings.router, area_cards.router, area_visits.router, agreement.router, keys.router,
        sheets.router, work.router, visitors.router, linked.router, visitor_feedback.router,
        reported.router, messages.router, disputes.router, erasing.router, method.router,
        figures.router, chosen.router, visit_table.router, statistics_files.router,
        statistics.router,
    ):  # fmt: skip
        console.include_router(router)
    console.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    console.add_exception_handler(Problem, _refuse)
    console.add_exception_handler(RequestValidationError, _not_here)
    console.add_exception_handler(HTTPException, _refuse_http)
    console.add_exception_handler(Exception, _fail)
    console.add_middleware(OwnForms)
    return console


class OwnForms:
    """ASGI middleware: take forms from our own pages only, and send the headers of a page.

    The browser itself says where a form comes from; a page of somebody else's cannot pretend.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass our own on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if settings.base_url.startswith("https:"):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        settings = scope["app"].state.settings
        if b"%00" in scope["query_string"]:  # no text has it, and a database would stop at it
            await _problem_page(Request(scope, receive), NotHere())(scope, receive, with_headers)
            return
        if scope["method"] not in SAFE_METHODS and not _is_own(Headers(scope=scope)):
            refusal = _problem_page(Request(scope, receive), ForeignForm())
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


def _is_own(headers: Headers) -> bool:
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    try:
        sender = urlsplit(headers.get("origin", "")).netloc
    except ValueError:
        return False
    return bool(sender) and sender == headers.get("host")


async def _refuse(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    if isinstance(problem, ConsoleSignInRequired):
        return await _ask_to_sign_in(request)
    if isinstance(problem, AgreementAsked):
        return await _ask_to_agree(request)
    return await _with_menu(request, problem)


async def _with_menu(request: Request, problem: Problem) -> Response:
    """Draw the refusal for who is signed in: most of these say to choose from the menu."""
    if not hasattr(request.state, "actor"):
        await run_in_threadpool(signed_in, request, request.app.state.clock())
    return _problem_page(request, problem)


async def _ask_to_sign_in(request: Request) -> Response:
    """Show the sign-in form; what was typed into another one waits inside it."""
    if request.url.path.removeprefix(BASE) in {"", "/", "/sign-out"}:
        return RedirectResponse(f"{BASE}/sign-in", HTTPStatus.SEE_OTHER)
    then, kept = await _interrupted(request)
    status = HTTPStatus.UNAUTHORIZED
    now = request.app.state.clock()
    return signin.sign_in_page(request, now_s=seconds(now), status=status, then=then, kept=kept)


async def _ask_to_agree(request: Request) -> Response:
    """Show the agreement; what was typed into another form waits inside it."""
    then, kept = await _interrupted(request)
    return agreement.agreement_page(request, status=HTTPStatus.FORBIDDEN, then=then, kept=kept)


async def _interrupted(request: Request) -> tuple[str, str]:
    """Give the page that was asked for, and the form that was sent to it, sealed."""
    path = request.url.path.removeprefix(BASE)
    query = f"?{request.url.query}" if request.url.query else ""
    if request.method in SAFE_METHODS:
        return path + query, ""
    typed = (await read_form(request)).typed
    return path + query, await run_in_threadpool(keep_form, request, typed)


async def _not_here(request: Request, _error: Exception) -> Response:
    return await _with_menu(request, NotHere())


async def _refuse_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error.__cause__, Problem):
        return await _with_menu(request, error.__cause__)
    return await _with_menu(request, NotHere())


async def _fail(request: Request, _error: Exception) -> Response:
    answer = _problem_page(request, ServerFailed())
    answer.headers.update(HEADERS)  # it is drawn outside the middleware
    return answer


def _problem_page(request: Request, problem: Problem) -> HTMLResponse:
    answer = page(request, "problem.html", status=problem.status, problem=problem)
    if problem.retry_after_s is not None:
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer
