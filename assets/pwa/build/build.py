"""Builds the app for browsers into build/pwa: the same Python, byte-compiled for Pyodide.

Everything comes from packages that are installed already (flet-web brings Flutter's web client and
Pyodide) and from npm by the lock file beside `page/`; nothing is fetched when the app runs. What
Flet's own `publish` would add on top, an archive of sources that is unpacked and resolved at every
start, is what the byte code replaces.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from icons import keep_own_icons
from words import write_words

ROOT = Path(__file__).parents[3]
PWA = ROOT / "assets" / "pwa"
OUT = ROOT / "build" / "pwa"
WORK = ROOT / "build" / "pwa-work"
SITE = Path(sysconfig.get_path("purelib"))
CLIENT = SITE / "flet_web" / "web"

CLIENT_FILES = (
    "main.dart.js",
    "main.dart.mjs",
    "main.dart.wasm",
    "flutter_bootstrap.js",
    "favicon.png",
    "icons/*",
    "assets/**/*",
    "canvaskit/*.js",
    "canvaskit/*.wasm",
    "canvaskit/chromium/*.js",
    "canvaskit/chromium/*.wasm",
    "pyodide/pyodide.mjs",
    "pyodide/pyodide.asm.mjs",
    "pyodide/pyodide.asm.wasm",
)
NOT_OURS = re.compile(r"flutter_math_fork|media_kit|record_web|flutter_map|wimp|loading-animation|cupertino_icons")
"""Fonts and scripts of Flet's other controls; the app has no formula, film, map or recorder."""

LIBRARIES = ("flet", "flet_camera", "mashumaro", "msgpack", "qrcode", "tzdata")
MODULES = ("repath.py", "six.py", "typing_extensions.py")
LEFT_OUT = re.compile(
    r"(flet/(auth|testing|fastapi|cli|pytest_plugin)|mashumaro/jsonschema|qrcode/(tests|console)"
    r"|mobile_app/locale/../LC_MESSAGES/page|tzdata/zoneinfo/(?!__init__|Europe/(__init__|Helsinki)))"
)
NATIVE = re.compile(
    r"mobile_app/(main|live|device/(native|backup|p256|secure_key_store|process_key_store|sqlite_store|httpx_http"
    r"|pillow_decoder|pillow_album))\.py"
)
"""Adapters of operating systems: they import what no browser has."""


def main() -> None:
    """Build, step by step; each step's input is the files of the one before."""
    shutil.rmtree(OUT, ignore_errors=True)
    shutil.rmtree(WORK / "app", ignore_errors=True)
    (OUT / "pyodide").mkdir(parents=True)
    (WORK / "app").mkdir(parents=True)
    install_npm_packages()
    copy_client()
    gather_python(WORK / "app")
    write_words(ROOT / "assets" / "locale", WORK / "words.json")
    node("bytecode.mjs", CLIENT / "pyodide", WORK / "app", OUT)
    node("bundle.mjs", CLIENT / "pyodide", WORK / "words.json", OUT)
    if "--no-memory" not in sys.argv:
        node("memory.mjs", OUT)
    node("seal.mjs", OUT, WORK / "brotli")


def install_npm_packages() -> None:
    """Install what page/ imports, unless it is installed already."""
    lock, installed = PWA / "package-lock.json", PWA / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--no-audit", "--no-fund", "--silent")
        installed.touch()


def copy_client() -> None:
    """Copy Flutter's web client and Pyodide's core, and our page around them."""
    for pattern in CLIENT_FILES:
        for file in CLIENT.glob(pattern):
            name = file.relative_to(CLIENT)
            if file.is_file() and not NOT_OURS.search(str(name)):
                copy(file, OUT / name)
    for name in ("index.html", "manifest.json"):
        copy(PWA / "page" / name, OUT / name)
    drop_kill_switch(OUT / "flutter_bootstrap.js")
    keep_own_fonts(OUT / "assets" / "FontManifest.json")
    icons = OUT / "assets" / "fonts" / "MaterialIcons-Regular.otf"
    keep_own_icons(icons, (ROOT / "mobile_app").rglob("*.py"))


def drop_kill_switch(bootstrap: Path) -> None:
    """Let Flutter register no service worker: its own unregisters ours and reloads for ever."""
    text, found = re.subn(
        r"\n\s*serviceWorkerSettings: \{.*?\},(?=\s*onEntrypointLoaded)",
        "",
        bootstrap.read_text(),
        flags=re.DOTALL,
    )
    if found != 1:
        raise SystemExit("flutter_bootstrap.js has changed: look for serviceWorkerSettings")
    bootstrap.write_text(text)


def keep_own_fonts(manifest: Path) -> None:
    """Name only the fonts that the app draws with; every named one is fetched at start."""
    families = json.loads(manifest.read_text())
    ours = [one for one in families if not re.search("KaTeX|Cupertino", one["family"])]
    # Unless it is named, Flutter looks for its letters where only the CDN would have them.
    ours.append({"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]})
    manifest.write_text(json.dumps(ours))


def gather_python(to: Path) -> None:
    """Lay out what the browser's Python imports: the app, what is shared, the libraries."""
    copy(ROOT / "mobile_app" / "main.py", to / "main.py")
    for source in (ROOT / "mobile_app", ROOT / "shared"):
        for file in python_files(source, ROOT):
            copy(file, to / file.relative_to(ROOT))
    for library in LIBRARIES:
        for file in python_files(SITE / library, SITE):
            copy(file, to / file.relative_to(SITE))
    for module in MODULES:
        copy(SITE / module, to / module)


def python_files(folder: Path, root: Path) -> Iterator[Path]:
    """Give code, catalogues, names of icons and the one time zone; no compiled modules, no docs."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(root).as_posix()
        wanted = file.suffix in {".py", ".mo", ".json"} or name.startswith("tzdata/zoneinfo/")
        if file.is_file() and wanted and not LEFT_OUT.match(name) and not NATIVE.match(name):
            yield file


def copy(file: Path, to: Path) -> None:
    """Copy one file, with the folders above it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)


def node(script: str, *arguments: Path) -> None:
    """Run one of the scripts beside this one."""
    run("node", f"build/{script}", *map(str, arguments))


def run(*command: str) -> None:
    """Run in the folder where package.json is; stop the build when it fails."""
    subprocess.run(command, cwd=PWA, check=True)  # noqa: S603 - our own arguments


if __name__ == "__main__":
    main()
