"""`python -m tests.bench._echo_server [uvloop]`: a bare FastAGI server, baseline of authorise.door. Prints its port.

Reads the header, sends three commands, waits for the reply of each, closes: what any FastAGI application does at least.
"""

import asyncio
import sys

import uvloop

COMMANDS = (
    b'SET VARIABLE BSS_DECISION "external"\n',
    b'SET VARIABLE BSS_DIAL_1 "PJSIP/442079460000@trunk-1"\n',
    b'SET VARIABLE BSS_GRANT_S "119.75"\n',
)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One question."""
    try:
        await reader.readuntil(b"\n\n")
        for command in COMMANDS:
            writer.write(command)
            await reader.readuntil(b"\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve() -> None:
    """Until the process is ended."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    run = uvloop.run if "uvloop" in sys.argv[1:] else asyncio.run
    run(serve())
