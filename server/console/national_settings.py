"""Pages of Kaikukeskus: what holds in the whole country, the list of grounds first of all."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.area.errors import ChildrenAgeOutOfRange
from server.area.rules import national_children_age, set_national_children_age
from server.audit.models import DETAIL_MOST
from server.audit.service import Act, list_acts, note_act
from server.clock import Now
from server.console.actors import Actor, AsService
from server.console.errors import NotHere
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.console.words import ACTS
from server.db import Db
from server.grant.errors import GroundUnnamed, LastGround
from server.grant.grounds import (
    add_ground,
    close_ground,
    list_grounds,
    move_up,
    problems_of_ground_code,
    reword_ground,
)
from server.grant.models import WORDS_MOST, Ground
from server.problems import Problem
from server.texts import N_, Language

router = APIRouter(prefix="/settings")

LANGUAGE_NAMES = {
    Language.FINNISH: N_("In Finnish"),
    Language.SWEDISH: N_("In Swedish"),
    Language.ENGLISH: N_("In English"),
    Language.PLAIN: N_("In plain Finnish"),
}
DONE = {
    "age": N_("The age is set. New cards and sheets go by it."),
    "added": N_("The ground is added. It stands last in the list."),
    "reworded": N_("The words are changed."),
    "closed": N_("The ground is closed. No new card is granted on it."),
    "opened": N_("The ground is open again."),
    "moved": N_("The order is changed."),
}
CHANGES = (
    Act.CHILDREN_AGE_SET,
    Act.GROUND_ADDED,
    Act.GROUND_REWORDED,
    Act.GROUND_MOVED,
    Act.GROUND_CLOSED,
    Act.GROUND_OPENED,
)
ROWS = 10
_BESIDE = {
    "malformed_ground_code": "code",
    "ground_code_taken": "code",
    "children_age_out_of_range": "children_age",
}


@router.get("")
def show_settings(request: Request, _actor: AsService, db: Db, done: str = "") -> HTMLResponse:
    """Show what holds in the whole country, with the forms that change it."""
    return _settings_page(request, db, done=DONE.get(done))


@router.post("/children-age")
def set_age(request: Request, actor: AsService, form: TypedForm, db: Db, now: Now) -> Response:
    """Settle until which age children come along, where an area says nothing else (R8)."""
    age = form.number("children_age")
    try:
        before = set_national_children_age(db, -1 if age is None else age)
    except ChildrenAgeOutOfRange as refused:
        form.refuse([refused], _BESIDE)
        return _settings_page(request, db, form=form)
    if age != before:
        _note(db, actor, Act.CHILDREN_AGE_SET, f"{before} → {age}", now=now)
    return go_to("/settings?done=age")


@router.post("/grounds")
def add(request: Request, actor: AsService, form: TypedForm, db: Db, now: Now) -> Response:
    """Add a ground to the national list."""
    code, words = form.text("code"), _words(form)
    known = {ground.code: ground for ground in list_grounds(db, locked=True)}
    if code in known and not form.errors and _is_called(known[code], words):
        return go_to("/settings?done=added")  # the second of two clicks
    form.refuse(problems_of_ground_code(db, code), _BESIDE)
    if form.errors:
        return _settings_page(request, db, form=form)
    add_ground(db, code=code, words=words)
    _note(db, actor, Act.GROUND_ADDED, f"{code}: {words[Language.FINNISH]}", now=now)
    return go_to("/settings?done=added")


@router.get("/grounds/{code}")
def show_ground(request: Request, _actor: AsService, code: str, db: Db) -> HTMLResponse:
    """Show one ground, with the forms that reword, close or open it."""
    return _ground_page(request, _known(db, code))


@router.post("/grounds/{code}")
def reword(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, actor: AsService, code: str, form: TypedForm, db: Db, now: Now
) -> Response:
    """Call a ground otherwise: it goes on being counted as the same one."""
    ground, words = _locked(db, code), _words(form)
    if form.errors:
        return _ground_page(request, ground, form=form)
    if not _is_called(ground, words):
        changes = [
            f"{language.value}: {ground.words(language)} → {new}"
            for language, new in words.items()
            if new != ground.words(language)
        ]
        reword_ground(ground, words)
        _note(db, actor, Act.GROUND_REWORDED, f"{code}: {'; '.join(changes)}", now=now)
    return go_to("/settings?done=reworded")


@router.post("/grounds/{code}/close")
def close(request: Request, actor: AsService, code: str, db: Db, now: Now) -> Response:
    """Let no new card be granted on a ground; renewed ones keep it."""
    ground = _locked(db, code)
    try:
        close_ground(db, ground, now=now)
    except LastGround as refused:
        return _ground_page(request, ground, problem=refused)
    _note(db, actor, Act.GROUND_CLOSED, code, now=now)
    return go_to("/settings?done=closed")


@router.post("/grounds/{code}/open")
def open_again(actor: AsService, code: str, db: Db, now: Now) -> Response:
    """Let cards be granted on a ground again."""
    _locked(db, code).closed_at = None
    _note(db, actor, Act.GROUND_OPENED, code, now=now)
    return go_to("/settings?done=opened")


@router.post("/grounds/{code}/up")
def raise_one(actor: AsService, code: str, db: Db, now: Now) -> Response:
    """Let a ground stand one place higher, as desks see it."""
    move_up(db, _locked(db, code))
    _note(db, actor, Act.GROUND_MOVED, code, now=now)
    return go_to("/settings?done=moved")


def _known(db: Session, code: str) -> Ground:
    ground = db.get(Ground, code)
    if ground is None:
        raise NotHere
    return ground


def _locked(db: Session, code: str) -> Ground:
    """Find a ground with the whole list locked: places and the last open one are about all."""
    list_grounds(db, locked=True)
    return _known(db, code)


def _is_called(ground: Ground, words: Mapping[Language, str]) -> bool:
    return all(ground.words(language) == told for language, told in words.items())


def _note(db: Session, actor: Actor, act: Act, detail: str, *, now: datetime) -> None:
    note_act(db, act, access_id=actor.access_id, detail=detail[:DETAIL_MOST], now=now)


def _words(form: Form) -> dict[Language, str]:
    """Read what a ground is called, and refuse each language that is missing."""
    words = {
        language: " ".join(form.text(f"words_{language.value}").split())
        for language in LANGUAGE_NAMES
    }
    for language, told in words.items():
        if not 0 < len(told) <= WORDS_MOST:
            form.errors[f"words_{language.value}"] = GroundUnnamed()
    return words


def _settings_page(
    request: Request, db: Session, *, form: Form | None = None, done: str | None = None
) -> HTMLResponse:
    return page(
        request,
        "settings.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        grounds=list_grounds(db),
        languages_of_words=LANGUAGE_NAMES,
        changes=list_acts(db, acts=CHANGES, limit=ROWS),
        acts=ACTS,
        typed={"children_age": str(national_children_age(db))} | dict(form.typed if form else {}),
        errors={} if form is None else form.errors,
        done=done,
    )


def _ground_page(
    request: Request, ground: Ground, *, form: Form | None = None, problem: Problem | None = None
) -> HTMLResponse:
    told = {f"words_{one.value}": ground.words(one) for one in LANGUAGE_NAMES}
    status = HTTPStatus.OK if problem is None else HTTPStatus(problem.status)
    return page(
        request,
        "ground.html",
        status=status if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        ground=ground,
        languages_of_words=LANGUAGE_NAMES,
        typed=told if form is None else form.typed,
        errors={} if form is None else form.errors,
        problem=problem,
    )
