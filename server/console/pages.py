"""How a page is made: templates, the reader's language and text size, what every page has."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.access.models import Role
from server.console.words import words_of
from server.info.words import FEEDBACK, PAGE_TITLES
from server.texts import N_, Language, Texts
from shared.token.codes import print_code

BASE = "/console"
LANGUAGES = (Language.FINNISH, Language.SWEDISH, Language.ENGLISH)
SIZES = ("100", "125", "150", "200")
LANGUAGE_COOKIE = "kaiku_language"
SIZE_COOKIE = "kaiku_text"

_AGREEMENT = ("/agreement", N_("Agreement and induction"))
MENUS: Mapping[Role, tuple[tuple[str, str], ...]] = {
    Role.DISTRIBUTOR: (
        ("/cards/new", N_("Grant a card")),
        ("/cards", N_("Cards")),
        ("/sheets", N_("Many sheets")),
        _AGREEMENT,
        ("/work", N_("Background work")),
    ),
    Role.VENUE: (
        ("/visits", N_("Visits")),
        ("/disputes", N_("Not my visit")),
        ("/paper", N_("Visits from paper")),
        ("/events", N_("Events")),
        ("/visitors", N_("For visitors")),
        ("/limits", N_("Limits")),
        ("/visitor-feedback", N_("Visitor feedback")),
        ("/messages", N_("Messages to holders")),
        ("/tickets", N_("Ticket brokers")),
        ("/scanners", N_("Scanners")),
        _AGREEMENT,
        ("/work", N_("Background work")),
    ),
    Role.COORDINATOR: (
        ("/locations", N_("Locations")),
        ("/figures", N_("Figures")),
        ("/area-cards", N_("Lost cards")),
        ("/area-visits", N_("Visits")),
        ("/disputes", N_("Not my visit")),
        ("/conflicts", N_("Conflicts")),
        ("/quarantine", N_("Old scans")),
        ("/reported", N_("Reported posts")),
        ("/messages", N_("Messages to holders")),
        ("/limits", N_("Limits")),
        ("/area", N_("Settings of the area")),
        ("/feedback", FEEDBACK),
    ),
    Role.ANALYST: (
        ("/figures", N_("Figures")),
        ("/statistics", N_("Statistics")),
    ),
    Role.SERVICE: (
        ("/areas", N_("Areas")),
        ("/analysts", N_("Wellbeing counties")),
        ("/figures", N_("Figures")),
        ("/statistics", N_("Statistics")),
        ("/brokers", N_("Ticket brokers")),
        ("/settings", N_("National settings")),
        ("/audit", N_("Audit log")),
        ("/keys", N_("Keys")),
        ("/feedback", FEEDBACK),
    ),
}

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def content_policy(*, frames: str = "'none'", framed_by: str = "'none'") -> str:
    """Give the policy of a page: no script, nothing from elsewhere, no frames unless said."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
        f" base-uri 'none'; frame-src {frames}; frame-ancestors {framed_by}"
    )


def page(
    request: Request, template: str, *, status: int = HTTPStatus.OK, **values: Any
) -> HTMLResponse:
    """Draw *template* for the reader."""
    t = texts_of(request)
    shared = {
        "t": t,
        "actor": getattr(request.state, "actor", None),
        "menus": MENUS,
        "info_pages": PAGE_TITLES,
        "base": BASE,
        "here": request.url.path,
        "languages": LANGUAGES,
        "sizes": SIZES,
        "size": size_of(request),
        "words_of": words_of,
        "print_code": print_code,
        "errors": {},
        "typed": {},
    }
    html = _ENVIRONMENT.get_template(template).render(shared | values)
    return HTMLResponse(html, status)


def go_to(path: str) -> RedirectResponse:
    """Send the browser on after a form, so that going back or loading again repeats nothing."""
    return RedirectResponse(f"{BASE}{path}", HTTPStatus.SEE_OTHER)


def texts_of(request: Request) -> Texts:
    """Give the words in the reader's language: the chosen one, else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return Texts(chosen)
    for wanted in request.headers.get("accept-language", "").split(","):
        if (tag := wanted.strip()[:2].lower()) in LANGUAGES:
            return Texts(tag)
    return Texts()


def size_of(request: Request) -> str:
    """Give the text size that the reader chose, in per cent."""
    chosen = request.cookies.get(SIZE_COOKIE, "")
    return chosen if chosen in SIZES else SIZES[0]
