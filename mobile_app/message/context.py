"""Hands the inbox to the screens that show it."""

from typing import cast

import flet as ft

from mobile_app.message.state import Inbox

InboxContexts = ft.create_context(cast("Inbox | None", None))


def use_inbox() -> Inbox:
    """Give this session's inbox; the component draws itself anew when it changes."""
    inbox = ft.use_context(InboxContexts)
    if inbox is None:
        raise LookupError("this component is drawn outside the app")
    return inbox
