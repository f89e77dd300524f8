"""Sounds for telephones in tests: making tones, and hearing whether one is in a recording."""

import wave
from pathlib import Path

import numpy as np

RATE_HZ = 8000
PART_S, ALIKE = 0.35, 0.7
PLACE_S, LOUD_SHARE = 0.25, 0.02  # parts move so far at most; a part with fewer loud samples is a pause
WINDOW_S = 0.2  # packets lost to a busy machine shift the phase of longer windows (telephone-test-facts A4)


def write_tone(path: Path, hz: float, seconds: float = 5.0, level: int = 9000) -> Path:
    """Write a sine of `hz` (0 gives silence) as 8 kHz, 16 bit, one channel."""
    moments = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    samples = (np.sin(2 * np.pi * hz * moments) * level).astype("<i2")
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples.tobytes())
    return path


def samples_of(path: Path) -> np.ndarray:
    """Samples of a WAV file, also of one whose header was never finished; empty when nothing was recorded."""
    raw = path.read_bytes() if path.exists() else b""
    place = raw.find(b"data")
    if place < 0:
        return np.zeros(0)
    body = raw[place + 8 :]
    return np.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(float)


def windows(samples: np.ndarray) -> np.ndarray:
    """Rows of WINDOW_S each; the rest is dropped."""
    length = int(WINDOW_S * RATE_HZ)
    return samples[: len(samples) // length * length].reshape(-1, length)


def tone_share(path: Path, hz: float) -> float:
    """Largest share of power at `hz` in any loud window: 1.0 is a pure tone, 0.0 is silence or something else."""
    rows = windows(samples_of(path))
    if not len(rows):
        return 0.0
    turns = np.exp(-2j * np.pi * hz * np.arange(rows.shape[1]) / RATE_HZ)
    power = (rows**2).sum(axis=1)
    share = 2 * np.abs(rows @ turns) ** 2 / (rows.shape[1] * power + 1e-9)
    return float(share[power > rows.shape[1] * 100**2].max(initial=0.0))


def loud_seconds(path: Path, level: float = 300.0) -> float:
    """Seconds of a recording whose loudness (root mean square of a window) is above `level` of 32767."""
    rows = windows(samples_of(path))
    return float((np.sqrt((rows**2).mean(axis=1)) > level).sum() * WINDOW_S) if len(rows) else 0.0


def heard_at(path: Path, prompt: Path) -> list[float]:
    """Seconds into a recording at which a prompt begins, each time that it is heard, from its begin to its end.

    The prompt is cut into short parts, and each is looked for by its likeness (1.0 = the same, whatever the loudness).
    Heard is what has half of the parts in their places, some of its first and of its last quarter among them: packets
    that a busy machine loses spoil a part, and move the parts after it a little.
    """
    heard, said = samples_of(path), samples_of(prompt)
    if len(heard) < len(said):
        return []
    starts = _part_starts(said)
    places = [(index, place - start) for index, start in enumerate(starts)
              for place in _like(heard, said[start : start + int(PART_S * RATE_HZ)])]  # fmt: skip
    found: list[float] = []
    for begin in sorted(begin for _, begin in places):
        parts = {index for index, other in places if abs(other - begin) < RATE_HZ * PLACE_S}
        is_new = not found or begin / RATE_HZ - found[-1] > len(said) / RATE_HZ / 2
        if is_new and _is_whole(parts, len(starts)):
            found.append(begin / RATE_HZ)
    return found


def _part_starts(said: np.ndarray) -> list[int]:
    """First samples of the loud parts of a prompt, one after the other; the last one ends with the last loud sample."""
    length = int(PART_S * RATE_HZ)
    loud = np.abs(said) > np.abs(said).max() / 4
    first, last = int(np.flatnonzero(loud)[0]), int(np.flatnonzero(loud)[-1]) - length
    return [start for start in [*range(first, last, length), last] if loud[start : start + length].mean() > LOUD_SHARE]


def _is_whole(parts: set[int], count: int) -> bool:
    quarter = (count + 3) // 4
    return len(parts) >= count / 2 and min(parts) < quarter and max(parts) >= count - quarter


def _like(heard: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Places in a recording that sound like a part."""
    size = len(heard) + len(part)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(part, size)), size)[: len(heard) - len(part)]
    sums = np.concatenate([[0.0], np.cumsum(heard**2)])
    power = (sums[len(part) :] - sums[: -len(part)])[: len(product)]
    return np.flatnonzero(product / np.sqrt(power * (part**2).sum() + 1.0) > ALIKE)
