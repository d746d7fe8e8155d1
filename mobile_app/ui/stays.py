"""Where what people write is kept: said beside every place to write."""

import flet as ft

from mobile_app.ui.context import AppContext
from mobile_app.ui.notice import paragraph


def stays(app: AppContext) -> ft.Control:
    """Say that it stays on this phone; in the preview, that it does not."""
    t = app.texts
    words = t("What you write here does not leave this phone.")
    if app.device.preview:
        words = t("This is a preview: the server keeps what you write here, as it keeps your key.")
    return paragraph(words, quiet=True)
