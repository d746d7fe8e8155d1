"""Hands the lock of this session to the screens that ask for it."""

from typing import cast

import flet as ft

from mobile_app.lock.state import Lock

LockContexts = ft.create_context(cast("Lock | None", None))


def use_lock() -> Lock:
    """Give this session's lock; the component draws itself anew when it changes."""
    lock = ft.use_context(LockContexts)
    if lock is None:
        raise LookupError("this component is drawn outside the app")
    return lock
