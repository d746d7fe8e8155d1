"""The app for browsers, as `make pwa` built it: files, and what a browser must know of them."""

import hashlib
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from server.signing import KeyRing

MEDIA_TYPES = {
    ".bin": "application/octet-stream",
    ".frag": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".wasm": "application/wasm",  # browsers compile it while it arrives, but only under this name
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}

HEADERS = {
    # Flutter writes styles into the page; every script is a file of ours.
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'self'; script-src 'self' 'wasm-unsafe-eval';"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self';"
        " connect-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:;"
        " manifest-src 'self'; form-action 'none'; frame-ancestors 'none'"
    ),
    # A page alone with its own gets threads; Flutter draws with several.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # No name carries its version: every use asks, and hears in a few bytes that nothing changed.
    "Cache-Control": "no-cache",
}


def create_pwa(folder: Path, ring: KeyRing) -> Starlette:
    """Serve the build in *folder*, to be mounted at `/app`."""

    def roots(_request: Request) -> JSONResponse:
        """The public root keys; the app pins them at its first start."""
        rows = [
            {"kid": kid.hex(), "x": point.x.hex(), "odd": point.odd}
            for kid, point in sorted(ring.roots.items())
        ]
        return JSONResponse(rows, headers=HEADERS)

    return Starlette(routes=[Route("/roots.json", roots), Mount("/", Build(directory=folder))])


class Build(StaticFiles):
    """Static files with their brotli copies; any other path is a place inside the app."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, or with the page for a path without a dot."""
        if not scope["path"].removeprefix(scope["root_path"]).startswith("/"):
            return RedirectResponse(f"{scope['path']}/")
        try:
            return await super().get_response("index.html" if path == "." else path, scope)
        except HTTPException:
            if "." in Path(path).name:
                raise
            return await super().get_response("index.html", scope)

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Send the smallest copy that the browser takes, or nothing when it has it."""
        file, request = Path(full_path), Request(scope)
        small = file.with_name(f"{file.name}.br")
        headers = HEADERS | {"Vary": "Accept-Encoding"}
        sent, stat = file, stat_result
        if "br" in request.headers.get("accept-encoding", "") and small.exists():
            headers["Content-Encoding"] = "br"
            sent, stat = small, small.stat()
        headers["ETag"] = _tag(sent, stat.st_mtime_ns)
        media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
        answer = FileResponse(sent, status_code, headers, media_type, stat_result=stat)
        if self.is_not_modified(answer.headers, request.headers):
            return NotModifiedResponse(answer.headers)
        return answer


@lru_cache(maxsize=256)
def _tag(file: Path, _changed_ns: int) -> str:
    """Name the content, so that what a new build did not change is not sent again."""
    return f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}"'
