"""``fazhi serve`` as a process that is killed and started again, with what it uses."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.questions_load.fast_clock import clock

REPOSITORY = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Outage:
    """Epoch seconds at which the server was killed and at which it answered again."""

    killed: float
    ready: float


@dataclass(frozen=True, slots=True)
class Use:
    """What the server used in some seconds: share of one processor, resident bytes."""

    processor: float
    memory: int


@dataclass(slots=True)
class Server:
    """The server of one instance.

    Attributes:
        speed: of the instance's clock; 1: the command as it is installed.
        began: when the first of its processes began, so that a fast clock goes on through restarts.
    """

    home: Path
    speed: float
    began: float
    port: int = 0
    outages: list[Outage] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        program = ["-c", "from web.cli import main; main()"] if self.speed == 1 else [
            "-m", "tests.questions_load.fast_clock", str(self.speed), str(self.began)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve", "--port", str(self.port)], stdout=log, stderr=log, cwd=REPOSITORY,
                env={**os.environ, "FAZHI_HOME": str(self.home), "FAZHI_PROXIES": "1", "FAZHI_DATABASE_URL": "",
                     "FAZHI_BROKER_URL": ""})
        until = time.time() + 90
        while not await self._answers():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.time() < until, "the server does not come up"
            await asyncio.sleep(0.1)

    async def kill(self, pause: float) -> None:
        """SIGKILL; after ``pause`` seconds it is started again."""
        assert self.process is not None
        self.process.kill()
        killed = time.time()
        self.process.wait()
        await asyncio.sleep(pause)
        await self.start()
        self.outages.append(Outage(killed, time.time()))

    async def watch(self, seconds: float) -> None:
        """Note what the server uses, until cancelled."""
        while True:
            before = self._used()
            await asyncio.sleep(seconds)
            after = self._used()
            if before and after and before[0] == after[0]:
                self.uses.append(Use((after[1] - before[1]) / seconds, after[2]))

    def end(self) -> None:
        """Kill it for good."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def now(self) -> datetime:
        """What the instance's clock shows."""
        return clock(self.speed, self.began)

    def out_at(self, begun: float, ended: float) -> bool:
        """Whether the server was away at some moment of a span."""
        return any(begun <= one.ready and ended >= one.killed for one in self.outages)

    def _used(self) -> tuple[int, float, int] | None:
        if self.process is None:
            return None
        try:
            words = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return self.process.pid, (int(words[11]) + int(words[12])) / TICKS, int(words[21]) * os.sysconf("SC_PAGE_SIZE")

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"GET /ask HTTP/1.0\r\n\r\n")
            line = await reader.readline()
            writer.close()
            return line.split()[1:2] == [b"200"]
        except OSError:
            return False
