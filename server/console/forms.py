"""Reading forms: what was typed is kept, and each problem stands beside its field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from server.problems import Problem

MOST_FIELDS = 100
MOST_FILE_BYTES = 8 * 1024 * 1024 + 1
"""So much of a file is read: enough to see that it is too long."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")


@dataclass(slots=True)
class Form:
    """The fields of a form as typed, and the problems found so far, by field."""

    typed: Mapping[str, str]
    errors: dict[str, Problem] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give what was typed, without the spaces around it."""
        return self.typed.get(name, "").strip()

    def choice(self, name: str) -> str | None:
        """Give what was chosen, or nothing."""
        return self.text(name) or None

    def number(self, name: str) -> int | None:
        """Give a whole number, or nothing if none was typed."""
        written = self.text(name)
        return int(written) if _NUMBER.fullmatch(written) and written.isascii() else None

    def is_ticked(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return bool(self.text(name))

    def id(self, name: str) -> UUID | None:
        """Give an id that the page had put into the form."""
        try:
            return UUID(self.text(name))
        except ValueError:
            return None

    def refuse(self, problems: Iterable[Problem], where: Mapping[str, str]) -> None:
        """Put each problem beside the field that *where* names for its code."""
        for problem in problems:
            self.errors.setdefault(where.get(problem.code, ""), problem)


async def read_form(request: Request) -> Form:
    """Read a form from the body of a request, with the file in it, if any."""
    bounds = {"max_fields": MOST_FIELDS, "max_part_size": MOST_FILE_BYTES}
    sent = await request.form(max_files=1, **bounds)
    files = {}
    for name, value in sent.items():
        if isinstance(value, UploadFile):
            files[name] = await value.read(MOST_FILE_BYTES)
            await value.close()
    typed = {_clean(n): _clean(v) for n, v in sent.items() if not isinstance(v, UploadFile)}
    return Form(typed, files=files)


TypedForm = Annotated[Form, Depends(read_form)]
"""The form of a request, as a parameter of its page."""


def _clean(text: str) -> str:
    """Leave out what no database stores as text: NUL, halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
