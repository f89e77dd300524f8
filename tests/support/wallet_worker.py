"""`python -m tests.support.wallet_worker SETTINGS`: one bridge's use of the wallet functions, at random, until killed.

Settings (JSON): dsn, node, seed, accounts, diary. Before a statement the diary says what is asked, afterwards what was
answered. A worker that starts again with the same diary first asks everything again that has no answer there: exactly
what a bridge does after a crash. Statements are asked again, too, when their connection breaks.
"""

import contextlib
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors

LEVELS = 3
MOST_OPEN = 8
UNIT_MICRO = 10_000

Answer = Any


class Worker:
    """`held`: amounts of each call that has a reservation, by call_ref, as far as the diary knows."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._dsn, self._node, self._accounts = settings["dsn"], settings["node"], settings["accounts"]
        self._diary = Path(settings["diary"])
        self.held: dict[str, dict[str, list[int]]] = {}
        lines = read_diary(self._diary)
        self._dice = random.Random(f"{settings['seed']}/{len(lines)}")
        self._calls = sum(len(ask["calls"]) for ask, _ in lines if ask["verb"] in {"reserve", "pay"})
        self._connection = psycopg.connect(self._dsn, autocommit=True)
        for ask, answer in lines:
            if answer is not None:
                self._remember(ask, answer)
        for ask, answer in lines:
            if answer is None:
                self._do(ask, written=True)

    def step(self) -> None:
        """One random thing that a bridge might do next."""
        open_calls = sorted(self.held)
        verbs = ["reserve"] * (len(open_calls) < MOST_OPEN) + ["extend", "charge", "charge", "release"] * bool(
            open_calls
        )
        verb = self._dice.choice(verbs)
        if self._dice.random() < 0.15:
            verb, calls = "pay", {self._new_ref(): self._terms()}
        elif verb == "reserve":
            calls = {self._new_ref(): self._terms() for _ in range(self._dice.randint(1, 4))}
        else:
            chosen = self._dice.sample(open_calls, self._dice.randint(1, min(3, len(open_calls))))
            calls = {ref: self._changed(verb, self.held[ref]) for ref in chosen}
        self._do({"verb": verb, "calls": calls})

    def _new_ref(self) -> str:
        self._calls += 1
        return f"{self._node}-{self._calls}"

    def _terms(self) -> dict[str, list[int]]:
        amounts = [self._dice.randint(1, 12) * UNIT_MICRO for _ in range(LEVELS)]
        return {"accounts": self._dice.sample(self._accounts, LEVELS), "amounts": amounts}

    def _changed(self, verb: str, held: dict[str, list[int]]) -> dict[str, list[int]]:
        """More for a longer call; for an ended one what it cost, never more than it holds, sometimes nothing."""
        if verb == "extend":
            amounts = [amount + self._dice.randint(0, 6) * UNIT_MICRO for amount in held["amounts"]]
        else:
            amounts = [self._dice.randint(0, amount) for amount in held["amounts"]]
        return {"accounts": held["accounts"], "amounts": amounts}

    def _do(self, ask: dict[str, Any], *, written: bool = False) -> None:
        if not written:
            self._write(ask)
        while True:
            try:
                answer = getattr(self, f"_{ask['verb']}")(ask["calls"])
                break
            except (psycopg.OperationalError, errors.AdminShutdown):
                self._connect_again()
        self._write({"answer": answer})
        self._remember(ask, answer)

    def _connect_again(self) -> None:
        with contextlib.suppress(psycopg.Error):
            self._connection.close()
        while True:
            try:
                self._connection = psycopg.connect(self._dsn, autocommit=True)
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return

    def _reserve(self, calls: dict[str, Any]) -> Answer:
        requests = [
            {"call_ref": ref, "node": self._node, "channel": ref, "granted_s": 60, "frozen": {}, **terms}
            for ref, terms in calls.items()
        ]
        return [one["outcome"] for one in self._ask("select telecom_wallet_reserve(%s)", json.dumps(requests))]

    def _extend(self, calls: dict[str, Any]) -> Answer:
        requests = [{"call_ref": ref, "amounts": terms["amounts"], "granted_s": 90} for ref, terms in calls.items()]
        return [one["outcome"] for one in self._ask("select telecom_wallet_extend(%s)", json.dumps(requests))]

    def _charge(self, calls: dict[str, Any]) -> Answer:
        """All calls or none: a call charged twice is refused by its keys, which is the answer after a crash."""
        lines = [
            (account, -amount, f"{ref}:{level}")
            for ref, terms in calls.items()
            for level, (account, amount) in enumerate(zip(terms["accounts"], terms["amounts"], strict=True))
        ]
        accounts, amounts, keys = ([line[column] for line in lines] for column in range(3))
        with contextlib.suppress(errors.UniqueViolation):
            query = "select telecom_wallet_charge(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
            self._ask(query, accounts, amounts, keys, keys, list(calls))
        return "charged"

    def _release(self, calls: dict[str, Any]) -> Answer:
        self._ask("select telecom_wallet_release(%s::text[])", list(calls))
        return "released"

    def _pay(self, calls: dict[str, Any]) -> Answer:
        for ref, terms in calls.items():
            for account, amount in zip(terms["accounts"], terms["amounts"], strict=True):
                self._ask(
                    "select telecom_wallet_post(%s, 'topup', %s, %s, 'worker', null)",
                    account,
                    amount,
                    f"{ref}:{account}",
                )
        return "paid"

    def _ask(self, query: str, *values: Any) -> Answer:
        row = self._connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]

    def _remember(self, ask: dict[str, Any], answer: Answer) -> None:
        for place, (ref, terms) in enumerate(ask["calls"].items()):
            if ask["verb"] == "pay":
                continue
            if ask["verb"] in {"charge", "release"}:
                self.held.pop(ref, None)
            elif answer[place] in {"taken", "repeated", "extended"}:
                self.held[ref] = terms

    def _write(self, line: dict[str, Any]) -> None:
        with self._diary.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def read_diary(path: Path) -> list[tuple[dict[str, Any], Answer]]:
    """What was asked, each with its answer, None for none. Half a line of a killed writer: nothing was asked."""
    found: list[tuple[dict[str, Any], Answer]] = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if "verb" in line:
            found.append((line, None))
        else:
            found[-1] = (found[-1][0], line["answer"])
    return found


if __name__ == "__main__":
    worker = Worker(json.loads(sys.argv[1]))
    while True:
        worker.step()
