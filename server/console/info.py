"""Pages for everybody, signed in or not: accessibility with its feedback, privacy, terms (R32)."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from server.actors import Client, ServerSettings
from server.clock import Now
from server.console.actors import signed_in
from server.console.forms import Form, TypedForm
from server.console.pages import page, texts_of
from server.db import Db
from server.info.errors import (
    MessageEmpty,
    MessageTooLong,
    ReplyCodeMalformed,
    ReplyCodeUnknown,
    TooManyMessages,
)
from server.info.layout import PageName, read_page
from server.info.models import AccessibilityFeedback
from server.info.service import is_overdue, read_answer, send_feedback
from server.info.words import CONTROLLER_MISSING
from server.problems import Problem
from server.settings import Settings
from server.signin.codes import slow_down
from server.signin.errors import TooManyTries
from server.texts import Language, Texts


def _greet(request: Request, now: Now) -> None:
    """Keep the menu of whoever is signed in around the page; let everybody else in too."""
    signed_in(request, now)


router = APIRouter(prefix="/info", dependencies=[Depends(_greet)])


_BESIDE = {
    "message_empty": "words",
    "message_too_long": "words",
    "reply_code_malformed": "code",
    "reply_code_unknown": "code",
}


@router.get("/feedback")
def ask_for_reply_code(request: Request, language: str = "") -> HTMLResponse:
    """Ask for the reply code of a message."""
    return _answer_page(request, language)


@router.post("/feedback/answer", dependencies=[Depends(slow_down)])
def show_answer(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, form: TypedForm, client: Client, db: Db, now: Now, settings: ServerSettings
) -> HTMLResponse:
    """Show the answer to a message, or until when it comes."""
    language = form.text("language")
    try:
        found = read_answer(db, form.text("code"), client=client, secret=settings.secret, now=now)
    except (ReplyCodeMalformed, ReplyCodeUnknown, TooManyTries) as refused:
        form.refuse([refused], _BESIDE)
        return _answer_page(request, language, form=form, status=refused.status)
    return _answer_page(request, language, feedback=found, overdue=is_overdue(found, now=now))


@router.post("/feedback")
def send(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, form: TypedForm, client: Client, db: Db, now: Now, settings: ServerSettings
) -> HTMLResponse:
    """Store a message about accessibility, and show its reply code, the only time."""
    t = _texts(request, form.text("language"))
    words = form.typed.get("words", "")
    try:
        sent, code = send_feedback(db, words, client=client, secret=settings.secret, now=now)
    except (MessageEmpty, MessageTooLong, TooManyMessages) as refused:
        form.refuse([refused], _BESIDE)
        return _info_page(
            request, PageName.ACCESSIBILITY, t, settings, form=form, status=refused.status
        )
    return page(request, "info-sent.html", t=t, code=code, due_on=sent.due_on)


@router.get("/{name}")
def show_info(
    request: Request, name: PageName, settings: ServerSettings, language: str = ""
) -> HTMLResponse:
    """Show one of the pages that the law asks for."""
    return _info_page(request, name, _texts(request, language), settings)


def _info_page(  # noqa: PLR0913 - what a page needs
    request: Request,
    name: PageName,
    t: Texts,
    settings: Settings,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    controller = " ".join(settings.controller.split()) or t(CONTROLLER_MISSING)
    return page(
        request,
        "info-page.html",
        status=status,
        t=t,
        name=name,
        sections=read_page(t.language, name, controller=controller),
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
    )


def _answer_page(  # noqa: PLR0913 - what a page needs
    request: Request,
    language: str,
    *,
    form: Form | None = None,
    feedback: AccessibilityFeedback | None = None,
    overdue: bool = False,
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    errors: dict[str, Problem] = {} if form is None else form.errors
    return page(
        request,
        "info-answer.html",
        status=status,
        t=_texts(request, language),
        feedback=feedback,
        overdue=overdue,
        typed={} if form is None else form.typed,
        errors=errors,
    )


def _texts(request: Request, language: str) -> Texts:
    """Give the words in the language that the address asks for, else in the reader's own."""
    return Texts(language) if language in tuple(Language) else texts_of(request)
