"""A field to type into. Its letters are nobody's state: a bound field loses some of them (Flet)."""

from collections.abc import Callable
from typing import Any, cast

import flet as ft

KEEP_TYPED = cast("str", None)
"""The value of a drawn field: "" would empty it whenever something else is drawn anew, because
Flet 1.0.5 compares it with what the person has typed."""


def field(  # noqa: PLR0913 - what fields differ in
    key: str,
    label: str,
    on_type: Callable[[str], None],
    *,
    kept: str | None = None,
    helper: str | None = None,
    error: str | None = None,
    lines: int = 1,
    **over: Any,
) -> ft.Control:
    """Draw a field; *kept* is written into it: give it at the first drawing only."""

    def changed(event: ft.Event[ft.TextField]) -> None:
        on_type(event.control.value or "")

    return ft.TextField(
        key=key,
        value=kept if kept is not None else KEEP_TYPED,
        label=label,
        helper=helper,
        helper_max_lines=8,
        error=error,
        error_max_lines=8,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=lines * 3 if lines > 1 else 1,
        on_change=changed,
        **over,
    )
