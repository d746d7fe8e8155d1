"""Answers of Flutter for controls that are gone by then."""

from typing import Any

import flet as ft


def outlive_late_answers(page: ft.Page) -> None:
    """Take an answer also when what was asked has left the screen in the meantime.

    Flet 1.0.5 raises at such an answer, and in a browser this ends the only task that listens to
    Flutter: the app stays on the screen and hears no tap any more. Whoever waits for the answer
    would wait for ever. It is told by its number; the control only has to be one that is there.
    """
    session = page.session
    settle = session.handle_invoke_method_results

    def take(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        there = control_id if control_id in session.index else page._i  # noqa: SLF001 - no other name
        settle(there, call_id, result, error)

    session.handle_invoke_method_results = take  # type: ignore[method-assign]
