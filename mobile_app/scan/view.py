"""The door's screen: the camera, ready; over it the verdict, when there is one."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

import flet as ft

from mobile_app.device.camera import CameraTrouble, CodeCamera
from mobile_app.device.lens import is_phone
from mobile_app.device.touch import Feel, Touch
from mobile_app.scan.lists import latest_visits, matters, purpose_choice
from mobile_app.scan.purpose import Purpose, purposes_at
from mobile_app.scan.ready import Tool, camera_words, code_field, ready_panel
from mobile_app.scan.state import ScannerState
from mobile_app.scan.verdict import verdict_face
from mobile_app.sync.upkeep import Upkeep
from mobile_app.ui.caret import use_caret
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Handler
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import READABLE_WIDTH, SPACE_8, SPACE_16, TOUCH, Type
from shared.rules.admission import Colour
from shared.scan import Category

BEAT_S = 15

_NARROW = 320
_LARGE_TEXT_PERCENT = 150
"""From here on words need as much room as the camera."""


class Face(Enum):
    """What the screen shows besides the camera."""

    READY = "ready"
    PURPOSE = "purpose"
    VISITS = "visits"
    MATTERS = "matters"


@ft.component
def ScanScreen(
    state: ScannerState,
    upkeep: Upkeep,
    categories: Sequence[Category],
    on_category: Callable[[Category], Awaitable[None]],
) -> ft.Control:
    """Read codes, show verdicts. *upkeep* is given so that its changes are drawn."""
    app = use_app()
    t, page = app.texts, ft.context.page
    desk = not _has_touch_keyboard(page)
    face, set_face = ft.use_state(Face.READY)
    light, set_light = ft.use_state(initial=False)
    trouble, set_trouble = _use_trouble()
    field = _use_code_field(t, state, desk=desk)
    typing, set_typing = ft.use_state(desk)
    picker = ft.use_memo(ft.FilePicker, [])
    use_every(BEAT_S, state.beat)
    _use_touch(state, app.device.touch)

    async def read_photo() -> None:
        files = await picker.pick_files(file_type=ft.FilePickerFileType.IMAGE, with_data=True)
        for file in (files or [])[:1]:
            await state.read_photo(file.bytes or b"")

    async def choose(purpose: Purpose) -> None:
        set_face(Face.READY)
        await on_category(purpose.category)
        await state.choose(purpose)

    purposes = purposes_at(app.device.clock.now(), state.events, categories)
    tools = [Tool(t("Choose a photo"), ft.Icons.IMAGE, read_photo)]
    if not desk:
        tools.insert(0, _typing_tool(t, set_typing, typing=typing))
    if is_phone(page):
        tools.append(_light_tool(t, set_light, light=light))
    tools.append(Tool(t("Latest visits"), ft.Icons.HISTORY, lambda: set_face(Face.VISITS)))

    showing = state.shown is not None
    resting = showing or face is not Face.READY
    camera = CodeCamera(
        active=trouble is None,
        paused=resting,
        on_text=state.read,
        on_trouble=set_trouble,
        on_unreadable=state.find_unreadable,
        decoder=app.device.decoder,
        clock=app.device.clock,
        label=t("Camera picture. Hold the code in front of the camera."),
        light=light,
        waiting=camera_words(t, trouble, lambda: set_trouble(None)),
    )
    large = app.look.text_percent >= _LARGE_TEXT_PERCENT
    eye = ft.Container(
        key="eye",
        expand=1 if large or trouble is not None else 2,
        bgcolor=ft.Colors.INVERSE_SURFACE,
        content=ft.Semantics(content=camera, exclude_semantics=resting),
    )
    panel = ready_panel(
        t,
        state,
        upkeep,
        field=field if typing else None,
        tools=tools,
        on_purpose=(lambda: set_face(Face.PURPOSE)) if len(purposes) > 1 else None,
        on_matters=lambda: set_face(Face.MATTERS),
    )
    # The camera keeps its place in the tree under every verdict: it would need a second to start
    # anew, and the queue waits.
    under = [_bar(t, upkeep.scanner.venue_name, covered=resting), eye]
    if not resting:
        under.append(ft.Container(panel, key="panel", expand=1))
    layers: list[ft.Control] = [ft.Column(under, spacing=0, expand=True)]
    if showing:
        width = min(page.width or _NARROW, READABLE_WIDTH) - 2 * SPACE_16
        room = width * 100 / app.look.text_percent
        layers.append(verdict_face(t, state, room=room, desk_field=field if desk else None))
    elif face is not Face.READY:
        faces: dict[Face, Callable[[], list[ft.Control]]] = {
            Face.PURPOSE: lambda: purpose_choice(t, purposes, choose),
            Face.VISITS: lambda: latest_visits(t, state, now=app.device.clock.now()),
            Face.MATTERS: lambda: matters(t, upkeep),
        }
        layers.append(_overlay(t, faces[face](), lambda: set_face(Face.READY)))
    return ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND)


def _typing_tool(t: Texts, switch: Callable[[bool], None], *, typing: bool) -> Tool:
    words = t("Hide the field") if typing else t("Type the code")
    return Tool(words, ft.Icons.KEYBOARD, lambda: switch(not typing))


def _light_tool(t: Texts, switch: Callable[[bool], None], *, light: bool) -> Tool:
    words = t("Light off") if light else t("Light on")
    return Tool(words, ft.Icons.FLASHLIGHT_ON, lambda: switch(not light))


def _bar(t: Texts, venue_name: str, *, covered: bool) -> ft.Control:
    """Draw the way out and the venue's name; no app bar, because a verdict covers it, too."""

    def leave() -> None:
        ft.context.page.navigate("/")

    return ft.Semantics(
        key="bar",
        exclude_semantics=covered,
        content=ft.SafeArea(
            ft.Row(
                [
                    ft.IconButton(
                        ft.Icon(ft.Icons.ARROW_BACK, semantics_label=t("Leave the door")),
                        on_click=leave,
                        disabled=covered,
                        width=TOUCH,
                        height=TOUCH,
                    ),
                    ft.Semantics(
                        header=True,
                        heading_level=1,
                        expand=True,
                        content=ft.Text(
                            venue_name,
                            theme_style=Type.TITLE,
                            max_lines=2,
                            overflow=ft.TextOverflow.ELLIPSIS,
                        ),
                    ),
                ],
                spacing=SPACE_8,
            ),
            minimum_padding=SPACE_8,
        ),
    )


def _overlay(t: Texts, controls: list[ft.Control], close: Handler) -> ft.Control:
    words = ft.Text(t("Back to the camera"), text_align=ft.TextAlign.CENTER)
    back = ft.OutlinedButton(content=words, icon=ft.Icons.ARROW_BACK, on_click=close)
    return ft.Container(
        key="overlay",
        left=0,
        right=0,
        top=0,
        bottom=0,
        bgcolor=ft.Colors.SURFACE,
        padding=SPACE_16,
        content=ft.Column(
            [
                ft.Container(
                    ft.Column(
                        [back, *controls],
                        spacing=SPACE_16,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                    width=READABLE_WIDTH,
                )
            ],
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


def _use_trouble() -> tuple[CameraTrouble | None, Callable[[CameraTrouble | None], None]]:
    nothing: CameraTrouble | None = None
    return ft.use_state(nothing)


def _use_code_field(t: Texts, state: ScannerState, *, desk: bool) -> ft.Control:
    """Make the field for codes; a fresh one, with the focus, after each code and each step."""
    times, set_times = ft.use_state(0)
    typed = ft.use_ref("")
    box = use_caret(unless=lambda: not desk)

    async def read(text: str) -> None:
        typed.current = ""
        set_times(lambda before: before + 1)
        await state.read_typed(text)

    key = f"{times}-{_moment(state)}"
    return code_field(t, box, typed, key, read, ready=state.shown is None)


def _moment(state: ScannerState) -> str:
    """Change with every step of a verdict, so that the field is drawn anew and has the focus."""
    if state.shown is None:
        return "ready"
    step = (state.shown.scan.scan_id, state.shown.stage.value, state.children, state.assistant)
    return "-".join(str(part) for part in step)


def _has_touch_keyboard(page: ft.Page) -> bool:
    """Tell whether a focused field would cover half the screen with a keyboard."""
    return page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


def _use_touch(state: ScannerState, touch: Touch) -> None:
    """Let the hand feel each new verdict once, differently for each colour."""
    shown = state.shown

    async def feel() -> None:
        if shown is not None:
            await touch.feel(_FEEL[shown.scan.colour])

    ft.use_effect(feel, [None if shown is None else shown.scan.scan_id])


_FEEL = {Colour.GREEN: Feel.YES, Colour.AMBER: Feel.HEED, Colour.RED: Feel.NO}
