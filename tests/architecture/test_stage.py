"""What goes to a phone is an allow-list, it stands on its own, and its parts exist for phones."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
STAGED = ROOT / "build" / "app"
SERVER = "https://kortti.example"

IMPORT_ALL = """
import importlib, pkgutil
import mobile_app, shared
for package in (shared, mobile_app):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
        print(found.name)
loaded = {name.partition(".")[0] for name in sys.modules}
strangers = {"server", "tests", "fastapi", "sqlalchemy", "pydantic", "pytest", "flet_web"}
print("LIBRARIES", *sorted(loaded - set(sys.stdlib_module_names)))
sys.exit(", ".join(loaded & strangers) or None)
"""

PURE = {
    "flet",
    "flet-camera",
    "flet-charts",
    "flet-permission-handler",
    "flet-secure-storage",
    "httpx",
    "mashumaro",
    "qrcode",
    "tzdata",
}
"""Python only: the same wheel everywhere. Flet itself brings msgpack, built for phones by Flet."""

BUILT_FOR_PHONES = {"cryptography", "pillow", "pyzbar"}
"""Built for Android and iOS by Flet's mobile-forge, one recipe each; mobile_app/README.md."""

BROUGHT_BY = {"PIL": "pillow"}
"""Where a library's name differs from its import's."""


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    roots = tmp_path_factory.mktemp("keys") / "roots.json"
    roots.write_text("[]")
    command = ["make", "--silent", "stage", f"ROOTS={roots}", f"SERVER={SERVER}"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - ours
    return STAGED


@pytest.fixture(scope="module")
def imported(staged: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
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


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def needed(platform: str) -> dict[str, Requirement]:
    """What `flet build` installs for a platform."""
    told = project()
    lines = told["project"]["dependencies"] + told["tool"]["flet"][platform]["dependencies"]
    return {asked.name: asked for asked in map(Requirement, lines)}


def test_nothing_goes_to_a_phone_that_is_not_on_the_list(staged: Path) -> None:
    files = {path.relative_to(staged) for path in staged.rglob("*") if path.is_file()}

    assert {file.parts[0] for file in files} == {
        "assets",
        "main.py",
        "mobile_app",
        "pyproject.toml",
        "shared",
    }
    assert {file.suffix for file in files if file.parts[0] != "assets"} == {
        ".py",
        ".mo",
        ".toml",
        ".typed",
    }
    assert {str(file) for file in files if file.parts[0] == "assets"} == {
        "assets/icon.png",
        "assets/splash.png",
        "assets/roots.json",
        "assets/server.txt",
    }
    assert Path("mobile_app/live.py") not in files
    assert not any(file.stem.startswith(("browser", "bridge", "test_")) for file in files)


def test_the_scheme_is_laid_beside_the_app(staged: Path) -> None:
    assert (staged / "assets" / "roots.json").read_text() == "[]"
    assert (staged / "assets" / "server.txt").read_text() == f"{SERVER}\n"


def test_the_staged_tree_imports_alone(imported: subprocess.CompletedProcess[str]) -> None:
    assert imported.returncode == 0, imported.stderr
    assert "mobile_app.scan.state" in imported.stdout
    assert "mobile_app.device.secure_key_store" in imported.stdout
    assert "shared.token.presentation" in imported.stdout


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_phone_is_given_every_library_that_the_app_imports(
    imported: subprocess.CompletedProcess[str], platform: str
) -> None:
    [said] = re.findall(r"^LIBRARIES (.*)$", imported.stdout, re.MULTILINE)
    direct = {
        BROUGHT_BY.get(name, name.replace("_", "-"))
        for path in (STAGED / "mobile_app").rglob("*.py")
        for name in re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(), re.MULTILINE)
    } - {name.replace("_", "-") for name in sys.stdlib_module_names}
    optional = {"zxingcpp"}  # where it is installed; a phone has zbar

    assert direct - {"mobile-app", "shared"} - optional <= set(needed(platform))
    assert "cryptography" in said


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_everything_for_a_phone_exists_for_phones(platform: str) -> None:
    """A library that nobody builds for phones stops the build after twenty minutes: stop it here.

    A new one belongs into a list above, and where its wheels come from into mobile_app/README.md.
    """
    readme = (ROOT / "mobile_app" / "README.md").read_text()

    assert set(needed(platform)) == PURE | BUILT_FOR_PHONES
    assert [name for name in needed(platform) if f"`{name}`" not in readme] == []


def test_flet_and_its_packages_are_of_one_version() -> None:
    versions = {
        str(asked.specifier) for name, asked in needed("ios").items() if name.startswith("flet")
    }

    assert len(versions) == 1
    assert f"flet-cli{versions.pop()}" in (ROOT / "Makefile").read_text()


def test_the_phone_asks_for_the_camera_and_keeps_its_records_out_of_backups() -> None:
    flet = project()["tool"]["flet"]

    assert flet["permissions"] == ["camera"]
    assert flet["android"]["permission"]["android.permission.RECORD_AUDIO"] is False
    assert flet["android"]["manifest_application"]["allowBackup"] == "false"
    assert flet["android"]["manifest_application"]["fullBackupContent"] == "false"
    assert flet["ios"]["info"]["NSCameraUsageDescription"]


def test_links_open_the_app_where_flet_reads_that_they_should() -> None:
    """Flet 1.0.5 reads the platform's own table on phones, and no other."""
    flet = project()["tool"]["flet"]

    assert "deep_linking" not in flet
    assert flet["android"]["deep_linking"]["scheme"] == "https"
