"""`GET /api/csrf-token`: the token that a page of ours sends back with whatever changes something.

Only cookie sessions need one; programs that send a token in a header are told so.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from manciple.platform.rpc.cors import Cors
from manciple.platform.security.cookies import CSRF_COOKIE, set_cookie
from manciple.platform.security.csrf import CsrfTokens
from manciple.platform.security.visits import Visit
from manciple.services.problems import problem

_LIFE_S = 24 * 3600


class CsrfPage:
    """The path of the specification."""

    def __init__(self, tokens: CsrfTokens, cors: Cors) -> None:
        self._tokens = tokens
        self._cors = cors

    async def show(self, request: Request) -> Response:
        """The token, and its twin in a cookie that pages cannot read."""
        visit = request.scope.get("manciple.visit")
        if not isinstance(visit, Visit) or visit.failure is not None:
            return problem(401, detail="Sign in first")
        token = self._tokens.make(visit.session_id or "")
        if visit.cookies is not None:
            visit.cookies.append(set_cookie(CSRF_COOKIE, token, max_age_s=_LIFE_S))
        body = msgspec.json.encode({"csrfToken": token})
        answer = Response(body, media_type="application/json")
        answer.raw_headers += self._cors.common(dict(request.scope["headers"]))
        return answer
