"""What goes to a phone is an allow-list, and it stands on its own."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGED = ROOT / "build" / "app"

IMPORT_ALL = """
import importlib, pkgutil
import mobile_app, shared
for package in (shared, mobile_app):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
        print(found.name)
loaded = {name.partition(".")[0] for name in sys.modules}
sys.exit(", ".join(loaded & {"server", "tests", "fastapi", "sqlalchemy", "pydantic"}) or None)
"""


@pytest.fixture(scope="module")
def staged() -> Path:
    subprocess.run(["make", "--silent", "stage"], cwd=ROOT, check=True)  # noqa: S607 - ours
    return STAGED


def test_nothing_goes_to_a_phone_that_is_not_on_the_list(staged: Path) -> None:
    files = {path.relative_to(staged) for path in staged.rglob("*") if path.is_file()}

    assert {file.parts[0] for file in files} == {
        "assets",
        "main.py",
        "mobile_app",
        "pyproject.toml",
        "shared",
    }
    assert {file.suffix for file in files} == {".py", ".mo", ".png", ".toml", ".typed"}
    assert Path("mobile_app/live.py") not in files
    assert not any(file.stem.startswith("browser") for file in files)


def test_the_staged_tree_imports_alone(staged: Path) -> None:
    done = subprocess.run(  # noqa: S603 - ours
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(staged)!r}){IMPORT_ALL}",
        ],
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "mobile_app.scan.state" in done.stdout
    assert "shared.token.presentation" in done.stdout


def test_the_phone_asks_for_the_camera_and_keeps_its_keys_out_of_backups() -> None:
    flet = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["flet"]

    assert flet["permissions"] == ["camera"]
    assert flet["android"]["manifest_application"]["allowBackup"] == "false"
    assert flet["ios"]["info"]["NSCameraUsageDescription"]
