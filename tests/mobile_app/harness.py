"""Drive the app in one process: no Flutter, no browser, no socket.

    async with Harness(main) as app:
        await app.press("Activate")
        assert "Check the symbols" in app.words()

The session, its renderer and the wire encoding are Flet's own; only the far end of the wire is made
up here. It leans on Flet's internals: written for flet==1.0.5.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from types import TracebackType
from typing import Any, Self, TypeVar

import flet as ft
import msgpack
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

C = TypeVar("C", bound=BaseControl)
Main = Callable[[ft.Page], Awaitable[None] | None]
Answer = Any
"""What the client answers to a method call: a value, an exception to raise, or a function."""

BUTTONS = (ft.Button, ft.FilledButton, ft.OutlinedButton, ft.TextButton, ft.IconButton, ft.ListTile)
_LABELS = ("content", "label", "title", "text", "tooltip", "semantics_label")
_QUIET_ROUNDS, _MOST_ROUNDS, _ROUND_S = 4, 60, 0.004


class _Wire(Connection):
    """The connection to a client that is not there: encodes like a real one, then hands over."""

    def __init__(self, deliver: Callable[[Message], None]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test/"
        self._deliver = deliver
        self._encode = configure_encode_object_for_msgpack(BaseControl)

    def pack(self, value: Any) -> bytes:
        return msgpack.packb(value, default=self._encode)

    def send_message(self, message: Message) -> None:
        self.pack([message.action, message.body])  # what cannot travel fails here, as it would
        self._deliver(message)

    def dispose(self) -> None:
        self.executor.shutdown(wait=False)


class Harness:
    """One person with the app open.

    Args:
        main: What `flet.run` would be given.
        route: The path at which the app is opened.
        methods: Answers to client methods, by control and method name, such as
            `{("Camera", "take_picture"): jpeg}`. A function gets the arguments; an exception is
            reported as the client's error. `SharedPreferences` and navigation work by themselves.
    """

    def __init__(  # noqa: PLR0913 - what may differ between two phones
        self,
        main: Main,
        *,
        route: str = "/",
        web: bool = False,
        platform: ft.PagePlatform = ft.PagePlatform.ANDROID,
        methods: Mapping[tuple[str, str], Answer] | None = None,
        preferences: dict[str, Any] | None = None,
    ) -> None:
        self.methods = dict(methods or {})
        self.preferences = {} if preferences is None else preferences
        self.calls: list[tuple[str, str, Any]] = []
        self.crashes: list[str] = []
        self.addresses: list[str] = []
        self._main = main
        self._opened = {
            "route": route,
            "web": web,
            "platform": platform.value,
            "width": 412,
            "height": 860,
        }
        self._messages = 0

    async def __aenter__(self) -> Self:
        self._wire = _Wire(self._on_message)
        self._session = Session(self._wire)
        self.page = self._session.page
        self._session.apply_page_patch(self._opened)
        self._token = _context_page.set(self.page)
        self._wire.pack(self._session.get_page_patch())
        context.reset_auto_update()
        done = self._main(self.page)
        if inspect.isawaitable(done):
            await done
        await self._session.after_event(self.page)
        await self.settle()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.page.views = []  # unmounts every component, which ends its tasks
        self.page.update()
        await asyncio.sleep(_ROUND_S)
        self._session.close()
        await asyncio.sleep(_ROUND_S)
        self._wire.dispose()
        _context_page.reset(self._token)

    # What is on the screen

    def all(
        self, kind: type[C] | tuple[type[C], ...] = BaseControl, words: str | None = None
    ) -> list[C]:
        """Give the visible controls of a kind, optionally only those labelled *words*."""
        return [
            control
            for control in self._walk([self.page.views, self.page._dialogs.controls])
            if isinstance(control, kind) and (words is None or words in self.labels(control))
        ]

    def one(self, kind: type[C] | tuple[type[C], ...] = BaseControl, words: str | None = None) -> C:
        """Give the only such control."""
        found = self.all(kind, words)
        assert len(found) == 1, f"{len(found)} of {kind} labelled {words!r}; {self.words()}"
        return found[0]

    def button(self, words: str) -> Any:
        """Give the only thing to press that is labelled *words*."""
        return self.one(BUTTONS, words)

    def has_button(self, words: str) -> bool:
        """Tell whether there is something to press that is labelled *words*."""
        return bool(self.all(BUTTONS, words))

    def words(self) -> list[str]:
        """Give every visible text, from top to bottom."""
        return [text.value for text in self.all(ft.Text) if text.value]

    def says(self, part: str) -> bool:
        """Tell whether some visible text contains *part*."""
        return any(part in words for words in self.words())

    def labels(self, control: BaseControl) -> list[str]:
        """Give the words by which a person would name a control."""
        own = [getattr(control, name, None) for name in _LABELS]
        inner = [text.value for text in self._walk(control) if isinstance(text, ft.Text)]
        return [label for label in [*own, *inner, " ".join(inner)] if isinstance(label, str)]

    # What a person does

    async def press(self, words: str) -> None:
        """Press the thing labelled *words*; a disabled one cannot be pressed."""
        control = self.button(words)
        assert not control.disabled, f"{words!r} is disabled"
        await self.fire(control, "click")

    async def type(self, field: BaseControl, text: str) -> None:
        """Type into a field, as the client reports it: the value first, then the event."""
        self._session.apply_patch(field._i, {"value": text})
        await self.fire(field, "change", text)

    async def fire(self, control: BaseControl, event: str, data: Any = None) -> None:
        """Send any event of a control, such as `tap` or `submit`."""
        await self._session.dispatch_event(control._i, event, data)
        await self.settle()

    async def go(self, route: str) -> None:
        """Open another address of the app."""
        self.page.route = route
        await self.fire(self.page, "route_change", {"route": route})

    async def settle(self) -> None:
        """Wait until the app has stopped drawing, a quarter of a second at most."""
        quiet = 0
        for _ in range(_MOST_ROUNDS):
            seen = self._messages
            await asyncio.sleep(_ROUND_S)
            await asyncio.to_thread(int)  # on a busy machine the store's threads get their turn
            assert not self.crashes, self.crashes[0]
            quiet = quiet + 1 if seen == self._messages else 0
            if quiet == _QUIET_ROUNDS:
                return

    async def until(self, condition: Callable[[], object], *, seconds: float = 5) -> None:
        """Wait for something that takes a while; fails with what is on the screen."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():  # noqa: ASYNC110 - nobody tells us when
                    await asyncio.sleep(_ROUND_S)
        except TimeoutError:
            raise AssertionError(f"never happened; on the screen: {self.words()}") from None
        await self.settle()

    # The far end of the wire

    def _on_message(self, message: Message) -> None:
        self._messages += 1
        if message.action == MessageAction.SESSION_CRASHED:
            self.crashes.append(str(message.body.message))
        elif message.action == MessageAction.INVOKE_METHOD:
            asyncio.get_running_loop().call_soon(self._answer, message.body)

    def _answer(self, call: Any) -> None:
        control = self._session.index.get(call.control_id)
        name = ("?" if control is None else control._c, call.name)
        self.calls.append((*name, call.args))
        result, error = None, None
        try:
            result = self._result_of(name, call.args or {})
        except Exception as problem:  # noqa: BLE001 - a real client reports every kind
            error = str(problem) or repr(problem)
        self._session.handle_invoke_method_results(call.control_id, call.call_id, result, error)

    def _result_of(self, name: tuple[str, str], arguments: dict[str, Any]) -> Any:
        if name in self.methods:
            answer = self.methods[name]
            if isinstance(answer, Exception):
                raise answer
            return answer(arguments) if callable(answer) else answer
        if name[0] == "SharedPreferences":
            return self._prefer(name[1], arguments.get("key", ""), arguments.get("value"))
        if name == ("Page", "get_device_info"):
            raise RuntimeError("this phone says nothing about itself")
        if name == ("Page", "push_route"):
            self.addresses.append(arguments["route"])
            asyncio.get_running_loop().create_task(self.go(arguments["route"]))
        return None

    def _prefer(self, method: str, key: str, value: Any) -> Any:
        if method == "set":
            self.preferences[key] = value
            return True
        if method == "remove":
            return self.preferences.pop(key, None) is not None
        if method == "contains_key":
            return key in self.preferences
        return self.preferences.get(key)

    def _walk(self, root: Any, seen: set[int] | None = None) -> Iterator[BaseControl]:
        """Give every visible control under *root*, components unwrapped, each once."""
        seen = set() if seen is None else seen
        if isinstance(root, Component):
            yield from self._walk(root._b, seen)
        elif isinstance(root, list | tuple):
            for item in root:
                yield from self._walk(item, seen)
        elif isinstance(root, BaseControl) and id(root) not in seen:
            seen.add(id(root))
            if getattr(root, "visible", True) is False or getattr(root, "open", True) is False:
                return
            yield root
            for field in fields(root):
                if not field.name.startswith("_") and field.name not in ("parent", "page", "data"):
                    yield from self._walk(getattr(root, field.name, None), seen)
