"""A small browser: cookies, hidden inputs and an address of its own; it says how long each answer took."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "fazhi.test"
PATIENCE = 60.0
"""Seconds after which a person thinks that the line is dead."""
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"')


class LineLost(Exception):
    """No answer, or half of one."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the person saw it; ``status`` 0: no answer came."""

    page: str
    begun: float
    seconds: float
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """Hidden inputs of the page, to be sent back."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.text)}


@dataclass(slots=True)
class Browser:
    """One person's browser behind the reverse proxy that ends TLS.

    Attributes:
        address: of the person, as the proxy passes it on.
        visits: where to note each request.
    """

    port: int
    address: str
    visits: list[Visit]
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, page: str, **headers: str) -> Answer:
        """Open a page; ``page`` is its kind in the figures."""
        return await self._send("GET", path, page, b"", headers)

    async def post(self, path: str, page: str, form: Mapping[str, str]) -> Answer:
        """Send a form."""
        return await self._send("POST", path, page, urlencode(form).encode(), {})

    async def post_and_hang_up(self, path: str, form: Mapping[str, str]) -> None:
        """Send a form over a line that breaks before the answer; the server takes it all the same."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(self._request("POST", path, urlencode(form).encode(), {}))
            await writer.drain()
            writer.close()
        except OSError:
            pass

    async def _send(self, method: str, path: str, page: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        begun = time.time()
        status = 0
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._exchange(self._request(method, path, body, headers))
            status = answer.status
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as reason:
            raise LineLost(f"{method} {path}: {reason!r}") from reason
        finally:
            self.visits.append(Visit(page, begun, time.time() - begun, status))
        return answer

    async def _exchange(self, request: bytes) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            head, _, rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").partition("\r\n")
            status = int(head.split()[1])
            length, location = 0, ""
            for line in rest.splitlines():
                name, _, value = line.partition(": ")
                match name.lower():
                    case "content-length":
                        length = int(value)
                    case "location":
                        location = value.removeprefix(f"https://{HOST}")
                    case "set-cookie":
                        key, _, kept = value.split(";")[0].partition("=")
                        self.cookies[key] = kept
            return Answer(status, location, (await reader.readexactly(length)).decode())
        finally:
            writer.close()

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", f"Referer: https://{HOST}{path}",
                 f"X-Forwarded-For: {self.address}", "X-Forwarded-Proto: https", f"X-Forwarded-Host: {HOST}",
                 *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
