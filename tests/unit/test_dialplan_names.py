"""The dialplan and the bridge use the same names, and the dialplan has an answer for everything the bridge may say."""

import csv
import re
import wave
from pathlib import Path

import pytest

from telecom_switch_bridge import dialplan_names as names

ASTERISK = Path(__file__).resolve().parents[2] / "asterisk"
LINES = [
    line
    for file in sorted((ASTERISK / "dialplan").glob("*.conf"))
    for line in file.read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith(";")
]
CODE = "\n".join(LINES)


def extensions(context: str) -> set[str]:
    """Names of the extensions of a context."""
    found, current = set(), ""
    for line in LINES:
        if line.startswith("["):
            current = line.strip("[]")
        elif current == context and (match := re.match(r"exten => ([^,]+),", line)):
            found.add(match[1])
    return found


def steps(context: str) -> list[str]:
    """What a context does, in order: applications with their arguments."""
    text = CODE.split(f"[{context}]\n", 1)[1].split("\n[", 1)[0]
    return [re.sub(r"^(?:exten => [^,]+,1| same => n(?:\([a-z]+\))?),", "", line) for line in text.splitlines() if line]


@pytest.mark.parametrize("context", sorted(names.CONTEXTS))
def test_every_shared_context_is_in_the_dialplan(context):
    assert f"[{context}]" in CODE


@pytest.mark.parametrize("question", sorted(names.QUESTIONS))
def test_every_question_is_asked(question):
    assert f"({question}," in CODE


@pytest.mark.parametrize("variable", sorted(names.ANSWER_VARIABLES))
def test_every_variable_of_the_answer_is_read(variable):
    assert "${" + variable in CODE


def test_the_telephone_has_a_way_on_for_every_decision():
    assert names.DECISIONS | {"silent", "i"} == extensions("phone-decided")


def test_the_trunk_has_a_way_on_for_every_decision_it_can_get():
    assert names.DECISIONS - {"emergency"} | {"silent", "i"} == extensions("trunk-decided")


def test_every_reason_has_its_own_words():
    assert names.REASONS | {"i"} == extensions(names.CONTEXT_REFUSED)


def test_attempts_are_told_as_the_bridge_reads_them():
    assert f"UserEvent({names.EVENT_ATTEMPT},{names.EVENT_GIVE_UP}: " in CODE


@pytest.mark.parametrize("family", sorted(names.ASTDB_FAMILIES))
def test_silence_reads_every_family_of_the_extract(family):
    assert "${DB(" + family + "/" in CODE


def test_legs_are_marked_as_the_bridge_reads_them():
    assert f"CHANNEL(userfield)=${{FILTER(-A-Za-z0-9._,${{BSS_CALL_REF}})}}/{names.USERFIELD_INBOUND}," in CODE
    assert f"{names.USERFIELD_SILENT}/emergency/" in CODE


def test_nothing_that_a_caller_wrote_is_used_unfiltered():
    """EXTEN and the caller's number are read only to be filtered or measured; names are never read."""
    for line in LINES:
        for use in re.findall(r"\S*\$\{(?:EXTEN|CALLERID)\b[^,)]*", line):
            safe = "FILTER(" in line or "LEN(" in line or "Set(CALLERID(" in line
            assert safe, f"unfiltered {use} in: {line}"
    assert "${CALLERID(name" not in CODE


def test_a_telephone_is_cleaned_as_all_callers_are():
    """The entry of telephones has the two steps of the subroutine itself."""
    cleaned = steps("sub-clean-caller")
    entry = "\n".join(steps("from-phone"))
    assert cleaned[0].startswith("Set(_BSS_FROM=") and cleaned[-1] == "Return()"
    for step in cleaned[:-1]:
        assert step.removeprefix("Set(").removeprefix("MSet(").removesuffix(")") in entry


def test_nothing_unfiltered_goes_to_dial():
    for line in LINES:
        if "Dial(" in line and "=> n,Dial(" in line.replace("same =>", "=>"):
            first = line.split("Dial(", 1)[1]
            assert first.startswith(("${FILTER(", "${BSS_TO},")), line


def test_prompts_of_the_dialplan_are_listed_and_made():
    with (ASTERISK / "sounds" / "prompts.csv").open(newline="", encoding="utf-8") as table:
        listed = {(row["language"], row["file"]) for row in csv.DictReader(table)}
    of_dialplan = set(re.findall(r"\$\{BSS_SOUNDS\}/([a-z-]+)", CODE))
    assert {file for _, file in listed} == of_dialplan | names.BRIDGE_PROMPTS
    for language, file in listed:
        with wave.open(str(ASTERISK / "sounds" / language / f"{file}.wav")) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
            assert 1 < sound.getnframes() / 8000 < 8


def test_what_callers_hear_is_the_same_whoever_they_belong_to():
    """No tenant has prompts of its own: none can be heard by callers of another (features.md, B05)."""
    assert "BSS_SOUNDS=" not in CODE, "the folder of prompts is the node's, whoever calls"
    played = re.findall(r"n(?:\([a-z]+\))?,(?:Playback|Background|Read|Set\(BSS_(?:SAY|WORD))[(=](.*)", CODE)
    assert played
    for what in played:
        assert not re.search(r"\bsounds/|custom/|\$\{(?:DB|ODBC)", what), what


def test_the_bridge_finds_the_folder_of_prompts():
    assert f"\n{names.GLOBAL_SOUNDS} = " in (ASTERISK / "etc" / "extensions.conf").read_text(encoding="utf-8")


def test_no_secret_and_no_address_stands_in_the_templates():
    for file in sorted((ASTERISK / "etc").iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            if re.match(r"\s*(secret|password)\s*=", line):
                assert re.search(r"@@[A-Z_]+@@", line), f"{file.name}: {line}"
            if re.match(r"\s*(bind|bindaddr|Servername)\s*=", line):
                assert re.search(r"@@[A-Z_]+@@", line), f"{file.name}: {line}"
