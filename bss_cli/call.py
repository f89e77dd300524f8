"""`./bss call`: a demo telephone places a real call; then what it cost whom, read from the database."""

import json
import subprocess
import time
from typing import Any

from . import call_reasons, config, services
from .ami import Manager
from .config import Settings
from .console import say
from .errors import BssError, MisuseError
from .files import read_json
from .nodes import safe_token
from .paths import Layout

DEFAULT_CALLER, DEFAULT_CALLED = "101", "02079460000"
DEFAULT_SECONDS = 10
LONGEST_SECONDS = 3600
RING_S = 60  # as long as the far telephone lets it ring
SETTLED_WITHIN_S = 15


def place(layout: Layout, caller: str | None, called: str | None, seconds: int, *, as_json: bool) -> int:
    """Place one call, wait until it is settled, print what happened; exit code 0 when it was answered."""
    settings = config.load(layout)
    if settings is None or "asterisk-far" not in services.running_names(layout):
        raise BssError("The demo does not run.", "run `./bss up --detach` first (without --no-demo)")
    account = demo_account(layout, caller or DEFAULT_CALLER)
    number = safe_token(called or DEFAULT_CALLED)
    if not as_json:
        say(f"Calling {number} from {account['extension']} ({account['username']}, {account.get('name', '')}) ...")
    began_at, before = time.time(), call_reasons.mark(layout)
    ended = originate(settings, account["username"], number, seconds)
    refused = call_reasons.refusal(layout, before, account["username"])
    report = settled_report(layout, settings, account["username"], began_at, refused)
    shown = {key: value for key, value in account.items() if key != "password"}
    report = {"from": shown, "to": number, "end": ended, **report}
    say(json.dumps(report, indent=1) if as_json else "\n".join(describe(report)))
    return 0 if any(leg["disposition"] == "answered" for leg in report["legs"]) or ended["answered"] else 1


def demo_account(layout: Layout, wanted: str) -> dict[str, str]:
    """The demo's SIP account with this extension or user name."""
    accounts: list[dict[str, str]] = read_json(layout.demo_credentials, {}).get("sip", [])
    for account in accounts:
        if wanted in (str(account.get("extension")), account["username"]):
            return account
    known = ", ".join(f"{one.get('extension')} ({one['username']})" for one in accounts)
    raise MisuseError(f"The demo has no telephone {wanted}.", f"there are: {known or 'none'}")


def originate(settings: Settings, username: str, number: str, seconds: int) -> dict[str, Any]:
    """Let the far end's telephone dial; return whether it was answered and how it ended."""
    manager = Manager(*settings.at("ami_far"), settings.secrets["ami_far"])
    channel_id = f"bss-call-{time.time_ns()}"
    manager.send(
        {
            "Action": "Originate", "ActionID": channel_id, "ChannelId": channel_id, "Async": "true",
            "Channel": f"PJSIP/{number}@phone-{username}", "Timeout": str(RING_S * 1000),
            "Context": "demo-talk", "Exten": str(seconds), "Priority": "1",
        }
    )  # fmt: skip
    try:
        return _watch(manager, channel_id, time.monotonic() + RING_S + seconds + 10)
    finally:
        manager.close()


def _watch(manager: Manager, channel_id: str, until: float) -> dict[str, Any]:
    """Follow the telephone's channel to its end; the cause is what Asterisk says about the hang-up."""
    answered_at: float | None = None
    failed = False
    hangup: dict[str, str] = {}
    for message in manager.messages(until):
        if message.get("ActionID") == channel_id and message.get("Response") == "Error":
            raise BssError(f"Asterisk refuses to originate: {message.get('Message')}")
        if message.get("Event") == "OriginateResponse" and message.get("ActionID") == channel_id:
            failed = message.get("Response") != "Success"
            answered_at = None if failed else time.monotonic()
        if message.get("Event") == "Hangup" and message.get("Uniqueid") == channel_id:
            hangup = message
        if hangup and (failed or answered_at is not None):
            talked_s = 0.0 if answered_at is None else round(time.monotonic() - answered_at, 2)
            return {"answered": not failed, "talked_s": talked_s, "cause": hangup.get("Cause", ""),
                    "text": hangup.get("Cause-txt", "")}  # fmt: skip
    raise BssError("The call did not end in time.", "see `./bss logs asterisk-far`")


def settled_report(
    layout: Layout, settings: Settings, username: str, began_at: float, refused: dict[str, Any] | None
) -> dict[str, Any]:
    """`refused` in words, and `legs` with charges of the telephone since `began_at`; waits until the first is settled.

    Read in the Python environment: it needs psycopg.
    """
    may_have_legs = refused is None or refused["tried"]
    question = {
        "dsn": f"postgresql://postgres:{settings.secrets['pg_postgres']}@{settings.joined('postgres')}/bss",
        "username": username, "began_at": began_at, "wait_s": SETTLED_WITHIN_S if may_have_legs else 0,
        "reason": refused["reason"] if refused else None,
    }  # fmt: skip
    done = subprocess.run(
        [str(layout.python), "-m", "bss_cli.call_report"], cwd=layout.repo, input=json.dumps(question), check=False,
        capture_output=True, text=True, timeout=SETTLED_WITHIN_S + 30,
    )  # fmt: skip
    if done.returncode:
        raise BssError(f"The charges could not be read: {done.stderr.strip()[-500:]}")
    answer = json.loads(done.stdout)
    return {"refused": call_reasons.in_words(refused, answer["words"]) if refused else None, "legs": answer["legs"]}


def _cost_of(leg: dict[str, Any]) -> str:
    """Seconds and the carrier's price of an answered leg; why, of one that was not."""
    if leg["disposition"] != "answered":
        return f" (cause {leg['hangup_cause']} {call_reasons.cause_text(leg['hangup_cause'])})"
    if not leg["carrier_currency"]:  # a colleague's telephone, an emergency call
        return f", {leg['answered_s']} s, free"
    carrier = f"carrier bills {leg['carrier_billed_s']} s = {leg['carrier_cost']} {leg['carrier_currency']}"
    return f", {leg['answered_s']} s, {carrier}"


def describe(report: dict[str, Any]) -> list[str]:
    """The report as lines for people."""
    end = report["end"]
    lines = [f"Ended: {'answered, ' + str(end.get('talked_s')) + ' s' if end['answered'] else 'not answered'}"
             f" (cause {end['cause']} {end['text']})"]  # fmt: skip
    if report.get("refused"):
        lines += call_reasons.lines_of(report["refused"])
    for leg in report["legs"]:
        lines.append(
            f"Route    attempt {leg['attempt']}: {leg['carrier'] or leg['direction']} / {leg['trunk'] or '-'}"
            f" -> {leg['e164'] or leg['dialled']}"
            f"  {leg['disposition']}{_cost_of(leg)}"
        )
        for charge in leg["charges"]:
            lines.append(
                f"Entry    level {charge['level']}  {charge['number']} {charge['name']} "
                f"(provider {charge['provider']}): "
                f"billed {charge['billed_s']} s, net {charge['net']} + tax {charge['tax']} = {charge['gross']} "
                f"{charge['currency']};  balance {charge['balance_before']} -> {charge['balance_after']}"
            )
    if not report["legs"]:
        lines.append("No leg was recorded: nothing was dialled.")
    return lines
