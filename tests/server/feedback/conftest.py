"""A holder who has visited, and what is told of it."""

from collections.abc import Callable
from typing import Any

import pytest

from server.ids import new_id
from tests.server.callers import JSON, HttpHolder


class Teller:
    """Tells venues of visits, over HTTP."""

    def __init__(self, holder: HttpHolder) -> None:
        self.holder = holder
        self.http, self.clock = holder.http, holder.clock

    def visit(self, scanner, **over: Any) -> str:
        self.clock.advance(seconds=31)
        return scanner.scan(self.holder.show(), **over).json()["visit_id"]

    def tell(self, visit_id: str, words: str = "Oli hyvä ilta.", **over: Any):
        told = {"post_id": str(new_id(self.clock())), "visit_id": visit_id, "words": words} | over
        return self.post("feedback", told)

    def reply(self, thread_id: str, words: str, **over: Any):
        told = {"post_id": str(new_id(self.clock())), "words": words} | over
        return self.post(f"feedback/threads/{thread_id}/posts", told)

    def post(self, path: str, body: dict[str, Any] | None = None):
        return self.http.post(path, json=body, headers=self.holder.speaking | JSON)

    def threads(self) -> list[dict[str, Any]]:
        return self.holder.read("feedback/threads").json()["threads"]


@pytest.fixture
def make_teller(make_holder) -> Callable[..., Teller]:
    def make(**over: object) -> Teller:
        return Teller(make_holder(**over))

    return make


@pytest.fixture
def teller(make_teller) -> Teller:
    return make_teller()
