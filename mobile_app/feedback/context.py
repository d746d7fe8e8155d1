"""Hands what is told to venues to the screens that show it."""

from typing import cast

import flet as ft

from mobile_app.feedback.state import Feedback

FeedbackContexts = ft.create_context(cast("Feedback | None", None))


def use_feedback() -> Feedback:
    """Give this session's feedback; the component draws itself anew when it changes."""
    feedback = ft.use_context(FeedbackContexts)
    if feedback is None:
        raise LookupError("this component is drawn outside the app")
    return feedback
