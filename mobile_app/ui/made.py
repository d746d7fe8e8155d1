"""A state that lives as long as its component."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flet as ft

T = TypeVar("T")


def use_made(make: Callable[[], T]) -> T:
    """Make a state at the first drawing and keep it; the component follows its changes.

    The same as `ft.use_state` of a function, whose type mypy cannot infer.
    """
    made, _ = ft.use_state(cast("Any", make))
    return cast("T", made)
