"""Errors of the plain HTTP paths, as problem details (RFC 9457)."""

from http import HTTPStatus

import msgspec
from starlette.responses import Response


def problem(
    status: int, *, detail: str, wait_s: float | None = None, reference: str | None = None
) -> Response:
    """An answer that says what is wrong; with `wait_s`, when to come again.

    `reference` finds what the log has to say of it.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if reference is not None:
        body["reference"] = reference
    headers = {} if wait_s is None else {"retry-after": f"{wait_s:.0f}"}
    return Response(
        msgspec.json.encode(body | {"detail": detail}),
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )
