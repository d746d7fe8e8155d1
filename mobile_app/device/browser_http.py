"""HTTP by the browser's fetch."""

import json
from collections.abc import Mapping

from mobile_app.device.bridge import Phone, to_octets
from mobile_app.device.http import Answer, NoAnswer


class BrowserHttp:
    """Requests to the server that the page came from."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def send(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        """See `Http`."""
        answer = await self._phone.send(
            method,
            self._phone.baseUrl + path,
            None if content is None else to_octets(content),
            json.dumps(dict(headers)),
        )
        if answer is None:
            raise NoAnswer
        return Answer(answer.status, answer.content.to_bytes())
