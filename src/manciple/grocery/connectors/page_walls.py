"""What a saved page is instead of a page of the shop: a check for bots, or a form to sign in.

Only asked of pages without the shop's data: a product may be called anything.
"""

import re

_WALLS = re.compile(
    rb"robot or human\?|robot o humano\?|activate and hold the button|px-captcha|/blocked\?url="
    rb"|cdn-cgi/challenge-platform|<title>just a moment"
    rb"|captcha-delivery\.com|_incapsula_resource|h-captcha|g-recaptcha|cf-turnstile|awswafcookie"
    rb"|aws-waf-token|<title>access denied|ak-challenge|verify you are (?:a )?human",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_SIGN_IN = re.compile(rb"type\s*=\s*[\"']?password\b|/account/login\b", re.IGNORECASE)


def wall_of(page: bytes) -> str | None:
    """What stands there instead of the page, as the rest of a sentence; None for neither."""
    if _WALLS.search(page):
        return "the shop shows a bot check instead of the page"
    if _SIGN_IN.search(page):
        return "the shop asks to sign in instead of showing the page"
    return None


def titled(page: bytes) -> str:
    """What a page calls itself, for a message; of what is no page, how it begins."""
    found = _TITLE.search(page)
    if found is not None:
        return f"the page {' '.join(found[1].decode(errors='replace').split())[:60]!r}"
    begins = page.lstrip()[:24].decode(errors="replace")
    return f"what begins with {begins!r}" if begins else "an empty file"
