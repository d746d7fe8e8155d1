"""What differs between machines, read once from the environment (names begin with `KAIKU_`)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KAIKU_"

DEMO_VALUES = {
    "code_secret": "demo-secret-that-everybody-knows",
    "keys_dir": "var/demo/keys",
    "roots_dir": "var/demo/offline-roots",
    "database_url": "sqlite:///var/demo/kaikukortti.db",
    "live": True,
}
"""Filled in only when KAIKU_DEMO is set, and only where nothing else was said."""


class UnknownSetting(ValueError):
    """An environment variable begins with KAIKU_ and means nothing: most likely a typing error."""


class Settings(BaseSettings):
    """The settings of one server. Secrets have no default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    demo: bool = False
    """Public, well-known secrets: for trying out on your own machine, never for real cards."""

    database_url: str = "sqlite:///var/kaikukortti.db"
    """SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://user:password@host/name`."""

    base_url: str = Field(
        default="http://localhost:8000", pattern=r"^https?://[^/?#]+(/[^?#]*[^/?#])?$"
    )
    """Where people reach the server; activation and pairing links begin with it. No final slash."""

    keys_dir: Path
    """Folder of the signing keys and the signed key set, made by `keygen`."""

    roots_dir: Path | None = None
    """Folder of the private root keys. Needed by `keygen` only; keep it off line otherwise."""

    code_secret: SecretStr = Field(min_length=16)
    """Key of the HMAC under which activation and pairing codes are stored."""

    controller: str = ""
    """Who keeps the register and provides the service, with a contact: shown on public pages."""

    status_lists: int = Field(default=1, ge=1, le=65536)
    """How many status lists new credentials are spread over (65,536 places each)."""

    live: bool = False
    """Serve the development preview of the app at /live; its keys are held by this process."""

    live_anywhere: bool = False
    """Answer /live to other machines too. Whoever reaches it lets this process hold their key."""

    live_app: str = "mobile_app.live:create_live_app"
    """Import string of the preview; the server does not know the app otherwise."""

    live_dir: Path = Path("var/live")
    """Where the preview keeps the stores of its browsers."""

    trusted_proxies: str = ""
    """Addresses of proxies before the server, with commas; they alone may say who calls."""

    pwa_dir: Path = Path("build/pwa")
    """The app for browsers, served at /app when this folder exists; `make pwa` builds it."""

    oldest_protocol: int = Field(default=1, ge=1)
    """Apps that speak an older form of the wire than this are told to load themselves anew."""

    @property
    def secret(self) -> bytes:
        """The code secret as the key of an HMAC."""
        return self.code_secret.get_secret_value().encode()

    @model_validator(mode="before")
    @classmethod
    def _fill_in_demo(cls, values: dict[str, Any]) -> dict[str, Any]:
        if str(values.get("demo", "")).lower() in {"1", "true", "t", "yes", "y", "on"}:
            return DEMO_VALUES | values
        return values


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, and refuse misspelt names.

    Raises:
        UnknownSetting: A name begins with KAIKU_ but is no setting.
        pydantic.ValidationError: A value is missing or out of range.
    """
    names = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := sorted(
        n for n in names if n.upper().startswith(PREFIX) and n.upper() not in known
    ):
        raise UnknownSetting(", ".join(unknown))
    return Settings()
