"""What the columns of a carrier's file mean, guessed from their headers and checked with the first values."""

import re
import unicodedata

MEANINGS = [
    ("ignore", "Not Used"),
    ("called", "Called Number"),
    ("start", "Start (date and time)"),
    ("date", "Start: Date"),
    ("time", "Start: Time"),
    ("seconds", "Duration (s or h:mm:ss)"),
    ("minutes", "Duration (minutes)"),
    ("ms", "Duration (ms)"),
    ("cost", "Cost"),
    ("currency", "Currency"),
    ("direction", "Direction"),
    ("disposition", "Result"),
]
DURATIONS = ("seconds", "minutes", "ms")
# Order counts: the first pattern that a header has decides, so the exceptions stand first.
GUESSES = [
    ("ignore", r"\b(a number|anumber|a party|ani|caller|calling|from|source|src|orig\w*|cli|clid|caller id)\b"),
    ("ignore", r"\b(rate|per min\w*|price per|tariff|prefix|vat|tax|end|stop|hang ?up|disconnect\w*|ring\w*|pdd)\b"),
    ("currency", r"\b(currency|ccy|curr?|devise|wahrung|waehrung|moneda)\b"),
    ("direction", r"\b(direction|dir|call type|calltype|traffic|richtung)\b"),
    ("disposition", r"\b(disposition|status|result|outcome|cause|release|reason|sip code)\b"),
    ("ms", r"\b(duration|length|time) ?(in )?(ms|msec|milliseconds)\b|\bms\b"),
    ("minutes", r"\b(minutes|mins?|duration min\w*|minuten)\b"),
    ("seconds", r"\b(duration\w*|bill ?secs?|billable|billed|seconds|secs?|length|talk ?time|dauer|duree|duracion)\b"),
    ("cost", r"\b(cost|charge[sd]?|amount|price|total|net|gebuhr|betrag|montant|importe|kosten)\b"),
    ("start", r"\b(date ?time|time ?stamp|start\w*|begin\w*|connect\w*|answer\w*|setup|call ?date|call time|beginn)\b"),
    ("date", r"\b(date|day|datum|tag|fecha|jour)\b"),
    ("time", r"\b(time|hour|uhrzeit|zeit|hora|heure)\b"),
    (
        "called",
        r"\b(called|callee|b number|bnumber|b party|dnis|dst|dest\w*|dial\w*|to|ddi|did|number|numero)\b",
    ),
]
NUMBER = re.compile(r"(sip:|tel:)?\+?[0-9][0-9 ()./-]{2,}(@.*|\.0)?")


def guess(header, samples):
    """Return the meaning of a column by its header and some of its values."""
    words = _plain(header)
    meaning = next((meaning for meaning, pattern in GUESSES if re.search(pattern, words)), "ignore")
    if meaning == "called" and not _mostly(samples, NUMBER):
        return "ignore"  # a destination's name
    return meaning


def guess_all(headers, samples_of, remembered):
    """Return the meanings of all columns: remembered ones first; each meaning once, the first column that has it."""
    meanings, taken = [], set()
    for index, header in enumerate(headers):
        meaning = remembered.get(header) or guess(header, samples_of[index])
        if meaning != "ignore" and (meaning in taken or (meaning in DURATIONS and taken & set(DURATIONS))):
            meaning = "ignore"
        taken.add(meaning)
        meanings.append(meaning)
    if "start" in meanings:  # a date beside a whole start says the same again
        meanings = ["ignore" if meaning in ("date", "time") else meaning for meaning in meanings]
    elif "date" in meanings and "time" not in meanings:
        meanings[meanings.index("date")] = "start"
    elif "time" in meanings and "date" not in meanings:
        meanings[meanings.index("time")] = "start"
    return meanings


def counts_billed(header):
    """True when a duration's header says that it is what the carrier bills, not what was talked."""
    return bool(re.search(r"bill|charg|abgerechnet|factur", _plain(header)))


def missing(meanings):
    """Return what a file must have and has not, in words."""
    found = set(meanings)
    needed = {
        "called number": "called" in found,
        "start": "start" in found or {"date", "time"} <= found,
        "duration": bool(found & set(DURATIONS)),
    }
    return [name for name, there in needed.items() if not there]


def _plain(header):
    text = unicodedata.normalize("NFKD", str(header)).encode("ascii", "ignore").decode()
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # startTime
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _mostly(samples, pattern):
    texts = [str(sample) for sample in samples if sample not in (None, "")]
    return not texts or sum(bool(pattern.fullmatch(text)) for text in texts) * 2 > len(texts)
