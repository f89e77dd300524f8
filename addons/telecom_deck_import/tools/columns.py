"""What the columns of a price list mean, guessed from their headers and checked with the first values."""

import re
import unicodedata

MEANINGS = [
    ("ignore", "Not Used"),
    ("code", "Code, List or Range of Codes"),
    ("country", "Country Code"),
    ("name", "Destination"),
    ("group", "Destination Group"),
    ("price", "Price per Minute"),
    ("price_second", "Price per Second"),
    ("unit", "Price Unit (s)"),
    ("fee", "Connection Fee"),
    ("increments", "Intervals (60/60)"),
    ("first", "First Interval (s)"),
    ("next", "Next Interval (s)"),
    ("included", "Included in Fee (s)"),
    ("from", "Valid From"),
    ("to", "Valid Until"),
    ("currency", "Currency"),
    ("method", "Kind (price, percent, absolute)"),
    ("percent", "Mark-up (%)"),
    ("absolute", "Mark-up per Minute"),
    ("second_from", "Second Price From (s)"),
    ("second_price", "Second Price per Minute"),
    ("min_duration", "Minimum Duration (s)"),
    ("min_cost", "Minimum Cost"),
    ("max_cost", "Maximum Cost"),
    ("max_rule", "Rule of the Maximum Cost"),
    ("grace", "Grace (s)"),
    ("grace_rule", "Grace Rule"),
]
PLAN_ONLY = {"group", "method", "percent", "absolute", "second_from", "second_price", "min_duration", "min_cost",
             "grace", "grace_rule", "max_cost", "max_rule"}  # fmt: skip
SAMPLED = 50
# Order counts: the first pattern that a header has decides, so the exceptions stand first.
GUESSES = [
    (
        "ignore",
        r"\b(old|previous|prior|current (price|rate)|change\w*|difference|delta|comment\w*|remark\w*|note\w*)\b",
    ),
    ("ignore", r"\b(no|nr|id|row|iso\w*|status|action|tax|vat)\b"),
    ("grace_rule", r"\bgrace (rule|mode)\b"),
    ("grace", r"\bgrace\b"),
    ("max_rule", r"\bmax(imum)? (cost )?rule\b"),
    ("max_cost", r"\bmax(imum)? (cost|charge)\b"),
    ("min_cost", r"\bmin(imum)? (cost|charge)\b"),
    ("min_duration", r"\bmin(imum)? (duration|time|length)\b"),
    ("second_from", r"\bsecond price from\b"),
    ("second_price", r"\bsecond price\b"),
    ("percent", r"\bmark ?up (in )?(percent|pct)\b|\bmark ?up$"),
    ("absolute", r"\bmark ?up (per|absolute)\b"),
    ("method", r"\b(kind|method)\b"),
    ("included", r"\b(included|free) (in|sec\w*|s)\b"),
    ("fee", r"\b(connect\w*|set ?up|flag ?fall|opening|verbindungs\w*|establecimiento)\b|\bcall (fee|charge)\b"),
    ("unit", r"\b(price|rate|billing|charging) unit\b"),
    ("price_second", r"\b(price|rate|cost|charge|tariff) (per |p |in )?(sec\w*|s)\b|\bper sec\w*\b"),
    ("first", r"\b(first|initial|1st|erster?|primer\w*) ?(\w+ )?(interval|increment|period|takt|s|sec\w*|min\w*)?\b"),
    ("first", r"\b(min(imum)? (interval|increment|sec\w*|charged)|(interval|increment) 1|i1)\b"),
    ("next", r"\b(next|subsequent|additional|second|2nd|folge\w*|nachster?|siguiente\w*)\b"),
    ("next", r"\b((interval|increment) (n|2)|step)\b"),
    ("increments", r"\b(increments?|intervals?|billing (terms?|cycle)|rounding|taktung|takt|cadence|pulse)\b"),
    ("currency", r"^(currency\w*|ccy|curr?|devise|wahrung|waehrung|moneda|valuta)( code)?$"),
    ("to", r"\b(valid|effective|date) (to|until|till|bis)\b|\b(end\w*|expir\w*|until|to date|gultig bis|hasta|bis)\b"),
    ("from", r"\b(valid from|effective\w*|from|start\w*|begin\w*|since|date|activation)\b"),
    ("from", r"\b(gultig (ab|von)|ab|desde|vigencia|date d effet)\b"),
    (
        "price",
        r"\b(price|rate|cost|charge|tariff|amount)s?\b(?! ?(id|plan|name|code|type))|\b(per|usd|eur|gbp) min\w*\b",
    ),
    ("price", r"\b(preis\w*|minutenpreis|tarif|prix|precio|tarifa)\b"),
    ("country", r"\b(country ?code|cc|country dial\w*|landesvorwahl|country prefix|indicatif pays)\b"),
    ("group", r"\b(destination )?group\b"),
    (
        "code",
        r"\b(prefix\w*|codes?|dial\w*|npa|breakout\w*|e164|\w*vorwahl\w*|prefijos?|indicatifs?|digits|area|city)\b",
    ),
    ("name", r"\b(destination|description|country|name|region|route|zone|ziel\w*|land|pais|destino|pays)\b"),
]
WHOLLY_CODE = re.compile(r"prefi|code|dial|npa|e164|vorwahl|indicatif")
CODE = re.compile(r"\+?[0-9][0-9 ()./,;|+–-]*")


def guess(header, samples):
    """Return the meaning of a column by its header and some of its values."""
    words = plain(header)
    meaning = next((meaning for meaning, pattern in GUESSES if re.search(pattern, words)), "ignore")
    if meaning == "name" and "code" in words.split() and _mostly(samples, CODE):
        return "code"
    if meaning in ("name", "ignore") and "destination" in words and _mostly(samples, CODE):
        return "code"
    if meaning == "country" and not _mostly(samples, CODE):
        return "ignore"
    if meaning == "code" and not WHOLLY_CODE.search(words) and not _mostly(samples, CODE):
        return "name"  # an area or city by its name
    return meaning


def guess_all(headers, samples_of, remembered, allowed):
    """Return the meanings of all columns: remembered ones first; each meaning once, the first column that has it."""
    meanings, taken = [], set()
    for index, header in enumerate(headers):
        meaning = remembered.get(header) or guess(header, samples_of[index])
        if meaning != "ignore" and (meaning in taken or meaning not in allowed):
            meaning = "ignore"
        taken.add(meaning)
        meanings.append(meaning)
    return meanings if remembered else _settled(meanings, samples_of)


def _settled(meanings, samples_of):
    """What columns mean beside each other: one price, one code, and a country code that is not in the code already."""
    if "price" in meanings and "price_second" in meanings:
        meanings[meanings.index("price_second")] = "ignore"
    if "first" in meanings and "increments" in meanings and "next" not in meanings:
        meanings[meanings.index("increments")] = "next"
    if "country" in meanings and "code" not in meanings:
        meanings[meanings.index("country")] = "code"
    if "country" in meanings:
        heads, codes = (samples_of[meanings.index(meaning)] for meaning in ("country", "code"))
        if _all_begin(heads, codes):
            meanings[meanings.index("country")] = "ignore"
    return meanings


def _all_begin(heads, codes):
    """True when every code is longer than its country code and begins with it: it is whole already."""
    pairs = [(_digits(head), _digits(code)) for head, code in zip(heads, codes, strict=True)]
    return all(head and code.startswith(head) and len(code) > len(head) for head, code in pairs)


def _digits(cell):
    return re.sub(r"[^0-9]", "", str(cell if cell is not None else "").removesuffix(".0")).removeprefix("00")


def missing(meanings, by_name):
    """Return what a price list must have and has not, in words. `by_name`: destinations may stand for codes."""
    found = set(meanings)
    needed = {
        "code" if not by_name else "destination or code": bool(
            found & ({"code", "name", "group"} if by_name else {"code"})
        ),
        "price": bool(found & {"price", "price_second", "percent", "absolute"}),
    }
    return [name for name, there in needed.items() if not there]


def header_score(cells, allowed):
    """Return how many columns a line would name, if it were the header; 0: it has no code, name or no price."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    meanings = guess_all(texts, [[] for _text in texts], {}, allowed)
    found = set(meanings) - {"ignore"}
    return (
        len(found)
        if found & {"code", "name", "country", "group"} and found & {"price", "price_second", "percent"}
        else 0
    )


def plain(header):
    """Return a header as bare lower-case words."""
    text = unicodedata.normalize("NFKD", str(header)).encode("ascii", "ignore").decode()
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("%", " percent ")  # validFrom
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _mostly(samples, pattern):
    texts = [str(sample) for sample in samples if sample not in (None, "")]
    return not texts or sum(bool(pattern.fullmatch(text)) for text in texts) * 2 > len(texts)
