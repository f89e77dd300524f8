"""A manager interface of Asterisk that a test can fill: channels, uptime, AstDB; in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress

Block = dict[str, str]


class FakeAmi:
    """Answers the bridge. `channels`: names by uniqueid; `asked`: every action; `refuses`: names of actions;
    `responses`: what came back to a dialled channel; `listings`: events of other list actions;
    `states`: those of channels that are not Down."""

    def __init__(self) -> None:
        self.channels: dict[str, str] = {}
        self.astdb: dict[str, str] = {}
        self.asked: list[Block] = []
        self.refuses: set[str] = set()
        self.responses: dict[str, str] = {}
        self.listings: dict[str, list[Block]] = {}
        self.states: dict[str, str] = {}
        self.uptime_s = 1000
        self.says = {"CoreStatus": {"CoreStartupDate": "2026-11-27", "CoreStartupTime": "10:00:00"}}
        self.secret = "only-for-tests"
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.start()

    def start(self) -> None:
        """Accept log-ins, on the same port as before."""
        self.port = asyncio.run_coroutine_threadsafe(self.open(self.port), self._loop).result(5)

    def stop(self) -> None:
        """Go away, as a killed Asterisk does."""
        asyncio.run_coroutine_threadsafe(self.shut(), self._loop).result(5)

    def close(self) -> None:
        """End the thread."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def actions(self, name: str) -> list[Block]:
        """Actions of one name, oldest first."""
        return [block for block in self.asked if block["Action"] == name]

    def timeouts(self) -> dict[str, float]:
        """Last absolute timeout that was set for each channel (s)."""
        return {block["Channel"]: float(block["Value"]) for block in self.actions("Setvar")}

    async def open(self, port: int) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def shut(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                raw = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in raw.split("\r\n") if ": " in line)
                self.asked.append(fields)
                for block in self._answers(fields):
                    text = "".join(f"{key}: {value}\r\n" for key, value in block.items())
                    writer.write(f"{text}\r\n".encode())

    def _answers(self, fields: Block) -> Iterator[Block]:
        mine = {"ActionID": fields["ActionID"]}
        match fields["Action"]:
            case name if name in self.refuses:
                yield {"Response": "Error", **mine, "Message": "refused"}
            case "Login" if fields["Secret"] != self.secret:
                yield {"Response": "Error", **mine, "Message": "Authentication failed"}
            case "Login":
                yield {"Response": "Success", **mine}
                yield {"Event": "FullyBooted", "Uptime": str(self.uptime_s)}
            case name if name in self.listings:
                yield from _listing(mine, self.listings[name])
            case "CoreShowChannels":
                yield from _listing(mine, [{"Uniqueid": u, "Channel": name} for u, name in self.channels.items()])
            case "DBGetTree":
                found = {key: value for key, value in self.astdb.items() if key.startswith(f"{fields['Family']}/")}
                yield from _listing(mine, [{"Key": f"/{key}", "Val": value} for key, value in found.items()])
            case "DBPut":
                self.astdb[f"{fields['Family']}/{fields['Key']}"] = fields["Val"]
                yield {"Response": "Success", **mine}
            case "DBDel":
                self.astdb.pop(f"{fields['Family']}/{fields['Key']}", None)
                yield {"Response": "Success", **mine}
            case "Getvar":
                yield self._value_of(mine, fields["Channel"], fields["Variable"])
            case "Setvar" if fields["Channel"] == "gone":
                yield {"Response": "Error", **mine, "Message": "No such channel"}
            case "Silence":
                return
            case name:
                yield {"Response": "Success", **mine, **self.says.get(name, {})}

    def _value_of(self, mine: Block, channel: str, variable: str) -> Block:
        if channel == "gone":
            return {"Response": "Error", **mine, "Message": "No such channel"}
        if variable == "CHANNEL(state)":
            return {"Response": "Success", **mine, "Value": self.states.get(channel, "Down")}
        if variable.startswith("HANGUPCAUSE("):
            return {"Response": "Success", **mine, "Value": self.responses.get(channel, "")}
        return {"Response": "Success", **mine}

    def tell(self, **event: str) -> None:
        """Send an event to everybody who is connected."""
        text = "".join(f"{key}: {value}\r\n" for key, value in event.items()) + "\r\n"
        for writer in self._writers:
            self._loop.call_soon_threadsafe(writer.write, text.encode())


def _listing(mine: Block, events: list[Block]) -> Iterator[Block]:
    yield {"Response": "Success", **mine, "EventList": "start"}
    for event in events:
        yield {"Event": "Item", **mine, **event}
    yield {"Event": "Complete", **mine, "EventList": "Complete"}
