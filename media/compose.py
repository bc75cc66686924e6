"""Compose media/first-song.wav: `python media/compose.py`.

Plucked strings after Karplus and Strong (1983), in integers only, so that every
machine writes the same bytes, and the same content address.
"""

import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

RATE = 22_050  # samples per second
BEAT = RATE * 2 // 5
# Delay lines in samples (the pitch is RATE / length), two strings per beat.
TUNE = [
    (100, 200), (84, 200), (75, 150), (67, 150), (75, 168), (84, 168), (100, 150), (84, 150),
    (100, 200), (84, 200), (67, 150), (56, 150), (67, 168), (75, 168), (84, 134), (67, 134),
    (75, 150), (84, 150), (100, 200), (112, 200), (100, 168), (84, 168), (75, 150), (67, 150),
    (84, 168), (75, 168), (67, 134), (84, 134), (75, 150), (112, 150), (100, 200), (50, 200),
]  # fmt: skip


def noise() -> Iterator[int]:
    """Samples of white noise from a linear congruential generator."""
    state = 1
    while True:
        state = (1_103_515_245 * state + 12_345) % 2**31
        yield state // 2**16 % 16_384 - 8_192


def pluck(length: int, samples: int, source: Iterator[int]) -> Iterator[int]:
    """A string: a loop of noise that loses its high tones each time round."""
    line = [next(source) for _ in range(length)]
    for at in range(samples):
        here, ahead = at % length, (at + 1) % length
        yield line[here]
        line[here] = (line[here] + line[ahead]) * 498 // 1_000


def compose() -> bytes:
    """The whole tune as 16-bit samples, one channel."""
    source = noise()
    samples = array("h")
    for strings in TUNE:
        samples.extend(map(sum, zip(*(pluck(s, BEAT, source) for s in strings), strict=True)))
    return samples.tobytes()


def main(path: Path) -> None:
    with wave.open(str(path), "wb") as song:
        song.setnchannels(1)
        song.setsampwidth(2)
        song.setframerate(RATE)
        song.writeframes(compose())


if __name__ == "__main__":
    main(Path(__file__).with_name("first-song.wav"))
