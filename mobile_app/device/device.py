"""Everything the app asks of the phone under it, wired once per session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import flet as ft

from mobile_app.device.album import Album
from mobile_app.device.api import Api
from mobile_app.device.clock import Clock
from mobile_app.device.decoder import Decoder
from mobile_app.device.key_store import KeyStore
from mobile_app.device.store import Store
from mobile_app.device.stretcher import HashlibStretcher, Stretcher
from mobile_app.device.touch import NoTouch, Touch
from shared.token.cose import PublicPoint


@dataclass(frozen=True)
class Device:
    """The ports.

    `preview` is true where keys are held by a server process, not by a phone. `load_again`
    exchanges the app for its newest version, where the app itself can do that. Without an `album`
    no photos are kept.
    """

    clock: Clock
    store: Store
    keys: KeyStore
    api: Api
    decoder: Decoder
    roots: Mapping[bytes, PublicPoint]
    base_url: str
    preview: bool
    page: ft.Page | None = None
    touch: Touch = field(default_factory=NoTouch)
    load_again: Callable[[], None] | None = None
    album: Album | None = None
    stretcher: Stretcher = field(default_factory=HashlibStretcher)
