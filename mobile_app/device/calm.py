"""Whether the system asks that nothing moves without need."""

import flet as ft


async def wants_calm() -> bool:
    """Ask the phone or the browser; one that does not answer asks for nothing."""
    try:
        told = await ft.SemanticsService().get_accessibility_features()
    except (RuntimeError, TimeoutError, TypeError):
        return False
    return told.reduce_motion or told.disable_animations
