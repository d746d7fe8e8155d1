"""What `make stage` puts beside the app for this scheme: its server's address and its root keys."""

from pathlib import Path


class NotStaged(Exception):
    """The app was built without something it needs. `code` is stable; the message names the cure.

    codes: roots_missing · roots_unreadable · server_missing
    """

    def __init__(self, code: str, file: Path) -> None:
        super().__init__(f"{code}: {file} (make stage ROOTS=keys/roots.json SERVER=https://…)")
        self.code = code


def read_server(file: Path) -> str:
    """Read the address of the scheme's server; no final slash.

    Raises:
        NotStaged: There is none.
    """
    address = file.read_text("utf-8").strip().rstrip("/") if file.exists() else ""
    if not address.startswith(("https://", "http://")):
        raise NotStaged("server_missing", file)
    return address
