"""Settings: one source, no silent mistakes, no secret by default."""

import ast
import os
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from server import settings as settings_module
from server.settings import DEMO_VALUES, PREFIX, Settings, UnknownSetting, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)


def example() -> dict[str, str]:
    lines = EXAMPLE.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_and_the_settings_name_the_same() -> None:
    assert set(example()) == {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_example_explains_every_setting() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line


def test_the_example_tells_the_true_defaults(monkeypatch) -> None:
    for name, value in example().items():
        if value:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("KAIKU_KEYS_DIR", "keys")
    monkeypatch.setenv("KAIKU_CODE_SECRET", "x" * 16)
    settings = read_settings()

    for name, field in Settings.model_fields.items():
        if field.default is not PydanticUndefined:
            assert getattr(settings, name) == field.default, name


def test_every_setting_says_what_it_is_for() -> None:
    (body,) = (
        node.body
        for node in ast.parse(Path(settings_module.__file__).read_text()).body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    explained = {
        field.target.id
        for field, after in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(after, ast.Expr)
    }
    assert explained == set(Settings.model_fields)


def test_secrets_have_no_default(monkeypatch) -> None:
    monkeypatch.setenv("KAIKU_KEYS_DIR", "keys")

    with pytest.raises(ValidationError, match="code_secret"):
        read_settings()


def test_a_short_secret_is_none(monkeypatch) -> None:
    monkeypatch.setenv("KAIKU_KEYS_DIR", "keys")
    monkeypatch.setenv("KAIKU_CODE_SECRET", "x" * 15)

    with pytest.raises(ValidationError, match="code_secret"):
        read_settings()


@pytest.mark.parametrize("name", ["KAIKU_DATABSE_URL", "KAIKU_", "kaiku_live_anywere", "KAIKU_X"])
def test_a_misspelt_setting_is_refused(monkeypatch, name) -> None:
    monkeypatch.setenv("KAIKU_DEMO", "1")
    monkeypatch.setenv(name, "1")

    with pytest.raises(UnknownSetting, match=name):
        read_settings()


@pytest.mark.parametrize("yes", ["1", "true", "True", "yes", "on", "y", "t"])
def test_the_demo_fills_in_what_was_not_said(monkeypatch, yes) -> None:
    monkeypatch.setenv("KAIKU_DEMO", yes)
    monkeypatch.setenv("KAIKU_LIVE", "0")
    settings = read_settings()

    assert settings.demo
    assert settings.code_secret.get_secret_value() == DEMO_VALUES["code_secret"]
    assert settings.live is False


@pytest.mark.parametrize("no", ["0", "false", "off"])
def test_without_the_demo_nothing_is_filled_in(monkeypatch, no) -> None:
    monkeypatch.setenv("KAIKU_DEMO", no)

    with pytest.raises(ValidationError):
        read_settings()


@pytest.mark.parametrize("url", ["http://x/", "x.fi", "ftp://x", "http://x/#", "http://x?y", ""])
def test_a_base_url_has_no_end_that_would_spoil_links(monkeypatch, url) -> None:
    monkeypatch.setenv("KAIKU_DEMO", "1")
    monkeypatch.setenv("KAIKU_BASE_URL", url)

    with pytest.raises(ValidationError, match="base_url"):
        read_settings()


def test_the_secret_is_not_shown_by_accident() -> None:
    settings = Settings(keys_dir="keys", code_secret="very secret indeed")

    assert "very secret" not in f"{settings!r} {settings}"
