"""Standard MIDI Files, as much of them as a score needs: one track, format 0.

Source: the Standard MIDI Files 1.0 specification (MIDI Manufacturers Association, RP-001).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from benchmarks.hearing.score import Note

PER_QUARTER = 9600
MICROSECONDS = 500_000
TICKS_A_SECOND = PER_QUARTER * 1_000_000 // MICROSECONDS
"""19,200: a tick is 0.05 ms. The file's own tempo never changes, because notes come in seconds."""
VOLUME, PAN = 7, 10


def encode(
    notes: list[Note], programs: Mapping[int, int], volumes: Mapping[int, int], pans: Mapping[int, int]
) -> bytes:
    """The whole file. A note that is struck again ends first, so no note-off cuts its successor."""
    events: list[tuple[int, int, bytes]] = [(0, 0, b"\xff\x51\x03" + MICROSECONDS.to_bytes(3, "big"))]
    for channel, program in programs.items():
        events.append((0, 1, bytes([0xC0 | channel, program])))
        events.append((0, 2, bytes([0xB0 | channel, VOLUME, volumes.get(channel, 100)])))
        events.append((0, 2, bytes([0xB0 | channel, PAN, pans.get(channel, 64)])))
    ends: dict[tuple[int, int], int] = {}
    for note in sorted(notes, key=lambda note: -note.start):
        start, voice = ticks(note.start), (note.channel, note.pitch)
        end = min(ticks(note.start + note.seconds), ends.get(voice, 1 << 40))
        ends[voice] = start
        events.append((start, 5, bytes([0x90 | note.channel, note.pitch, note.velocity])))
        events.append((max(end, start + 1), 4, bytes([0x80 | note.channel, note.pitch, 0])))
    track, now = bytearray(), 0
    for tick, _, message in sorted(events):
        track += variable(tick - now) + message
        now = tick
    track += variable(0) + b"\xff\x2f\x00"
    return (
        struct.pack(">4sIHHH", b"MThd", 6, 0, 1, PER_QUARTER)
        + struct.pack(">4sI", b"MTrk", len(track))
        + bytes(track)
    )


def ticks(seconds: float) -> int:
    """Seconds as ticks of the file."""
    return round(seconds * TICKS_A_SECOND)


def variable(value: int) -> bytes:
    """A number as MIDI writes it: seven bits a byte, the high bit set on all but the last."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(0x80 | value & 0x7F)
    return bytes(reversed(out))
