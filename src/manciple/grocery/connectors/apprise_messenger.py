"""Tells people by Apprise: one kind of address for some hundred services. An optional driver.

Addresses hold secrets, so none is ever part of an error or a log line.
"""

import asyncio
import contextlib
import importlib
import logging
from functools import cache
from typing import Any

from manciple.grocery.domain.notices import MAX_URL_CHARS
from manciple.kit.connect_guard import guarded
from manciple.kit.errors import InvalidInput, Refused, Upstream
from manciple.kit.outbound import Resolve, is_public, resolve

_MISSING = "Notifications need a driver that is not installed: pip install 'manciple[notify]'"
# These speak to the desktop or the log of the machine that the house runs on.
_OF_THIS_MACHINE = frozenset({"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
# These connect from threads of their own, where nobody looks at what they connect to.
_OWN_THREADS = frozenset({"mqtt", "mqtts", "xmpp", "xmpps"})
# What a service keeps of a file that its address names: it would read it, and send what is in it.
_FILES = frozenset({"keyfile", "pgp_key", "pgp_privkey", "subfile_specified"})
_NO_SERVICE = "is no address that Apprise knows, such as ntfy://topic or mailto://…"
_A_FILE = "names a file, and no address may have files of this machine read"
_INSIDE = "leads inside; the owner of the house can allow that by notifications.allow_inside"


class AppriseMessenger:
    """Sends by Apprise; with `allow_inside` also to this machine and its network."""

    def __init__(
        self, *, timeout_s: float, allow_inside: bool = False, resolve_name: Resolve = resolve
    ) -> None:
        self._timeout_s = timeout_s
        self._allow_inside = allow_inside
        self._resolve = resolve_name

    async def examine(self, url: str) -> None:
        """Returns if there is a service behind the address that may be used.

        Raises:
            InvalidInput: there is none, or it is inside.
            Refused: Apprise is not installed.
        """
        problem = await self._problem(_service(url))
        if problem is not None:
            raise InvalidInput.at("url", problem)

    async def send(self, url: str, *, title: str, body: str) -> None:
        """Returns when the service has taken the message.

        Raises:
            Upstream: it has not.
            Refused: Apprise is not installed.
        """
        service = _service(url)
        # Looked at every time: what a name means may be another by now.
        problem = await self._problem(service)
        if problem is not None:
            raise Upstream("notification", problem)
        try:
            async with asyncio.timeout(self._timeout_s):
                is_taken = await asyncio.to_thread(self._notify, service, title, body)
        except TimeoutError:
            raise Upstream(service.service_name, "did not answer in time") from None
        if not is_taken:
            raise Upstream(str(service.service_name), "did not take the message")

    def _notify(self, service: Any, title: str, body: str) -> bool:
        # Whatever its names mean by then, and wherever it is redirected to.
        with contextlib.nullcontext() if self._allow_inside else guarded():
            return bool(service.notify(title=title, body=body))

    async def _problem(self, service: Any) -> str | None:
        if service is None or _names_file(service):
            return _NO_SERVICE if service is None else _A_FILE
        if self._allow_inside:
            return None
        if not _schemes(service).isdisjoint(_OF_THIS_MACHINE | _OWN_THREADS):
            return _INSIDE
        # Elsewhere the place of the host holds a token, which no server of names should see.
        if not any("{host}" in template for template in service.templates):
            return None
        try:
            addresses = await self._resolve(str(service.host), int(service.port or 443))
        except Upstream:
            return "its host cannot be resolved"
        return None if all(is_public(address) for address in addresses) else _INSIDE


def _service(url: str) -> Any:
    """What Apprise makes of an address; None if nothing."""
    if len(url) > MAX_URL_CHARS or not url.isprintable():
        return None
    return _apprise().Apprise.instantiate(url, suppress_exceptions=True)


@cache
def _apprise() -> Any:
    try:
        driver = importlib.import_module("apprise")
    except ImportError as error:
        raise Refused(_MISSING) from error
    # It logs an address that it cannot read, as a whole, and what it sends.
    logging.getLogger("apprise").disabled = True
    return driver


def _schemes(service: Any) -> set[str]:
    """What addresses of a service may begin with, however this one was written."""
    return {
        scheme
        for some in (service.protocol, service.secure_protocol)
        for scheme in ((some,) if isinstance(some, str) else some or ())
    }


def _names_file(service: Any) -> bool:
    attachments = _apprise().AppriseAttachment
    kept: dict[str, Any] = vars(service)
    is_attached = any(isinstance(one, attachments) and len(one) for one in kept.values())
    return is_attached or any(kept.get(name) for name in _FILES)
