"""What sending costs one by one: bytes made before, one write for each client, no more."""

import asyncio
import os
import socket
import sys

# As long as the frames of the servers that are measured.
_FRAME = b"\x81\x7e" + (408).to_bytes(2) + b'{"id":"1000001",' + b" " * 392
_HEAD = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


async def serve() -> None:
    clients: set[int] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_HEAD)
        sock: socket.socket = writer.get_extra_info("socket")
        clients.add(sock.fileno())
        try:
            await reader.read()
        except ConnectionError:
            pass
        finally:
            clients.discard(sock.fileno())
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(0))
    while line := await lines.readline():
        for _ in range(int(line)):
            for fd in clients:
                os.write(fd, _FRAME)


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
