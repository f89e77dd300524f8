"""Makes the spoken prompts of prompts.csv with flite: 8 kHz, 16 bit, one channel.

The results are committed, so that a set-up needs no speech engine; run this after a change of prompts.csv, on a machine
with Debian's package flite: `python3 asterisk/sounds/make.py`. Standard library only.

A telephone carries 300 to 3400 Hz. The voice is filtered to that band and raised to one level, since what lies outside
is lost on the way and a quiet sentence is not understood on a mobile.
"""

import array
import csv
import math
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

HERE = Path(__file__).parent
RATE_HZ = 8000
LOWEST_HZ, HIGHEST_HZ = 250, 3500
PEAK = 20000  # of 32767: room for codecs, about -4 dB
TAPS = 201


def spoken(text: str, voice: str) -> tuple[array.array, int]:
    """Return the samples (16 bit) of a spoken text and their rate (Hz)."""
    flite = shutil.which("flite")
    if flite is None:
        sys.exit("flite is missing: apt-get install flite")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "spoken.wav")
        subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True)  # noqa: S603
        with wave.open(str(path)) as sound:
            return array.array("h", sound.readframes(sound.getnframes())), sound.getframerate()


def band_pass(rate_hz: int) -> list[float]:
    """Windowed-sinc filter (Hamming) that passes LOWEST_HZ to HIGHEST_HZ."""

    def sinc(cut_hz: float, place: int) -> float:
        ratio = 2 * cut_hz / rate_hz
        return ratio if place == 0 else math.sin(math.pi * ratio * place) / (math.pi * place)

    half = TAPS // 2
    window = [0.54 - 0.46 * math.cos(2 * math.pi * step / (TAPS - 1)) for step in range(TAPS)]
    return [(sinc(HIGHEST_HZ, step - half) - sinc(LOWEST_HZ, step - half)) * window[step] for step in range(TAPS)]


def telephone(samples: array.array, rate_hz: int) -> array.array:
    """Filter to the telephone's band, take every n-th sample, set the peak. ValueError if no n fits rate_hz."""
    if rate_hz % RATE_HZ:
        raise ValueError(f"{rate_hz} Hz is not a multiple of {RATE_HZ} Hz")
    taps, half = band_pass(rate_hz), TAPS // 2
    padded = [0] * half + list(samples) + [0] * half
    kept = [
        sum(tap * padded[start + step] for step, tap in enumerate(taps))
        for start in range(0, len(samples), rate_hz // RATE_HZ)
    ]
    scale = PEAK / max(1.0, *(abs(value) for value in kept))
    return array.array("h", (round(value * scale) for value in kept))


def make(row: dict[str, str]) -> Path:
    """Write one prompt and return its path."""
    target = HERE / row["language"] / f"{row['file']}.wav"
    target.parent.mkdir(exist_ok=True)
    samples, rate_hz = spoken(row["text"], row["voice"].removeprefix("flite "))
    with wave.open(str(target), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(telephone(samples, rate_hz).tobytes())
    return target


def main() -> None:
    """Make every prompt of the list."""
    with (HERE / "prompts.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            print(make(row).relative_to(HERE))


if __name__ == "__main__":
    main()
