"""One SIP telephone in one process (pjsua2): commands as JSON lines on standard input, events on standard output.

Started by tests/support/phone.py. One thread: pjsua2's callbacks come only from libHandleEvents, so an event line is
never written in the middle of another.
"""

import itertools
import json
import os
import select
import sys
import time

import pjsua2 as pj

settings = json.loads(sys.argv[1])
events = os.fdopen(os.dup(1), "w")  # pjlib prints on standard output while it starts: that goes to nobody
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
keep: list[object] = []  # pjsua2 objects that Python must not collect while the call lives
calls: dict[int, "Call"] = {}
serials = itertools.count()


def tell(event: str, **facts: object) -> None:
    events.write(json.dumps({"event": event, "at": time.time(), **facts}) + "\n")
    events.flush()


class Call(pj.Call):
    """Reports every state, plays the telephone's tone and records what it hears, early media too."""

    recorder = None

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.serial = next(serials)

    def onCallState(self, prm):  # noqa: N802 pjsua2's name
        info = self.getInfo()
        tell("call", call=info.id, state=info.stateText, code=info.lastStatusCode, reason=info.lastReason)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            calls.pop(info.id, None)

    def onCallMediaState(self, prm):  # noqa: N802
        info = self.getInfo()  # named: its list of media dies with it
        active = any(media.status == pj.PJSUA_CALL_MEDIA_ACTIVE for media in info.media)
        if not active or self.recorder is not None:
            return
        heard = self.getAudioMedia(-1)
        if settings["play"]:
            player = pj.AudioMediaPlayer()
            player.createPlayer(settings["play"])
            player.startTransmit(heard)
            keep.append(player)
        self.recorder = pj.AudioMediaRecorder()
        self.recorder.createRecorder(settings["record"])
        heard.startTransmit(self.recorder)
        keep.append(self.recorder)
        tell("media")

    def onCallTransferStatus(self, prm):  # noqa: N802
        tell("transfer", code=prm.statusCode, reason=prm.reason)

    def onDtmfDigit(self, prm):  # noqa: N802
        tell("digit", digit=prm.digit)


class Account(pj.Account):
    """Registers and takes calls as settings["answer"] says: "ring", or a status code after "ring_s" seconds."""

    def onRegState(self, prm):  # noqa: N802
        tell("register", code=prm.code, reason=prm.reason)

    def onIncomingCall(self, prm):  # noqa: N802
        call = Call(self, prm.callId)
        keep.append(call)
        calls[prm.callId] = call
        info = call.getInfo()
        tell("incoming", call=prm.callId, remote=info.remoteUri, message=prm.rdata.wholeMsg)
        respond(call, 180)
        if settings["answer"] != "ring":
            respond(call, int(settings["answer"]))


def respond(call: Call, code: int) -> None:
    parameters = pj.CallOpParam()
    parameters.statusCode = code
    call.answer(parameters)


def make_endpoint() -> pj.Endpoint:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "test telephone"
    config.medConfig.clockRate = 8000
    config.medConfig.noVad = bool(settings["play"])  # a steady tone would be taken for noise; silence is not sent
    endpoint.libInit(config)
    endpoint.audDevManager().setNullDev()
    transport = pj.TransportConfig()
    transport.boundAddress = settings["address"]
    transport.port = settings["port"]
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.libStart()
    return endpoint


def make_account() -> Account:
    config = pj.AccountConfig()
    user, server = settings["user"], settings["server"]
    config.idUri = f"sip:{user}@{server}"
    if settings["register"]:
        config.regConfig.registrarUri = f"sip:{server}"
    config.regConfig.timeoutSec = 300
    config.regConfig.retryIntervalSec = 0
    config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, settings["password"]))
    config.mediaConfig.transportConfig.boundAddress = settings["address"]
    account = Account()
    account.create(config)
    return account


def nth(place: int) -> Call:
    """The telephone's calls that are up, the oldest first; -1: the newest."""
    return [calls[number] for number in sorted(calls, key=lambda number: calls[number].serial)][place]


def obey(endpoint: pj.Endpoint, account: Account, order: dict) -> None:
    """Carry out one command; what pjsua2 refuses is told as an event."""
    try:
        match order["do"]:
            case "dial":
                call = Call(account)
                keep.append(call)
                call.makeCall(f"sip:{order['to']}@{settings['server']}", pj.CallOpParam(True))
                calls[call.getId()] = call
            case "answer":
                for call in list(calls.values()):
                    respond(call, order["code"])
            case "digits":
                for call in list(calls.values()):
                    call.dialDtmf(order["digits"])
            case "transfer":
                nth(order["call"]).xfer(f"sip:{order['to']}@{settings['server']}", pj.CallOpParam(True))
            case "join":
                nth(0).xferReplaces(nth(1), pj.CallOpParam(True))
            case "hangup":
                endpoint.hangupAllCalls()
            case "quit":
                quit_now(endpoint, account)
    except pj.Error as error:
        tell("error", reason=error.reason)


def quit_now(endpoint: pj.Endpoint, account: Account) -> None:
    """Hang up, unregister, leave. libDestroy is not called: it aborts while call objects live."""
    endpoint.hangupAllCalls()
    if settings["register"]:
        account.setRegistration(False)
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        endpoint.libHandleEvents(20)
    os._exit(0)


def main() -> None:
    endpoint = make_endpoint()
    account = make_account()
    tell("ready")
    buffer = b""
    while True:
        endpoint.libHandleEvents(10)
        if not select.select([0], [], [], 0)[0]:
            continue
        piece = os.read(0, 65536)
        if not piece:
            quit_now(endpoint, account)
        buffer += piece
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            obey(endpoint, account, json.loads(line))


main()
