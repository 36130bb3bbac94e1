"""The pages that people open, with their scripts and styles, as they are served."""

import re
from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PAGE_FILES = {
    "/": "index.html",
    "/setup": "setup.html",
    "/join": "join.html",
    "/sign-in": "sign_in.html",
    "/page.js": "page.js",
    "/calls.js": "calls.js",
    "/people.js": "people.js",
    "/page_parts.js": "page_parts.js",
    "/page_list.js": "page_list.js",
    "/page_products.js": "page_products.js",
    "/page_sentence.js": "page_sentence.js",
    "/palette.css": "palette.css",
    "/page.css": "page.css",
    "/docs": "reference.html",
    "/mesh": "mesh.html",
    "/mesh.css": "mesh.css",
    "/mesh.js": "mesh.js",
    "/mesh_drawing.js": "mesh_drawing.js",
    "/reference.css": "reference.css",
    "/reference.js": "reference.js",
    "/reference_try.js": "reference_try.js",
    "/reference_types.js": "reference_types.js",
}
_HEADERS = {"cache-control": "no-cache"}
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
_PART = re.compile(r"^ *<!-- part: (\w+) -->\n", re.MULTILINE)


def page_routes() -> list[Route]:
    """Every file at its path."""
    return [Route(path, _served(name)) for path, name in PAGE_FILES.items()]


def page_text(name: str) -> str:
    """A file; a line `<!-- part: NAME -->` in it stands for the part of that name."""
    folder = files("manciple.web")
    whole = (folder / name).read_text(encoding="utf-8")
    return _PART.sub(
        lambda found: (folder / "parts" / f"{found[1]}.html").read_text(encoding="utf-8"), whole
    )


def _served(name: str) -> Callable[[Request], Awaitable[Response]]:
    body = page_text(name).encode()
    media_type = _TYPES[name.rpartition(".")[2]]

    async def show(_request: Request) -> Response:
        return Response(body, headers=_HEADERS, media_type=media_type)

    return show
