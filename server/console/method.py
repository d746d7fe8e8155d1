"""How the figures are made and protected: one page for those who decide by them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.actors import ServerSettings
from server.clock import Now
from server.console.actors import signed_in
from server.console.pages import page, texts_of
from server.info.words import CONTROLLER_MISSING

router = APIRouter()


@router.get("/statistics/method")
def show_method(request: Request, settings: ServerSettings, now: Now) -> HTMLResponse:
    """Show what is counted, what is hidden, and how to read what is left."""
    signed_in(request, now)  # keeps the menu of whoever is; everybody else may read it, too
    missing = texts_of(request)(CONTROLLER_MISSING)
    return page(request, "method.html", controller=" ".join(settings.controller.split()) or missing)
