"""Counts flashes of light that left, from its bytes. It knows nothing of the guard, and no line of it is the guard's.

What is counted, after WCAG 2.2, success criterion 2.3.1, "general flash and red flash thresholds", and its working
group's note of 2007 (the older wording of saturated red):

- A *transition* of a thing that shines is a change between two of its successive extremes. General: by 0.1 or more of
  relative luminance, where the darker extreme is below 0.8. Red: (R - G - B) x 320, nothing below 0, changes by more
  than 20, and R / (R + G + B) is 0.8 or more at one of the two. R, G and B are linear light, 0..1. A transition
  counts in the frame in which the change is that large. It must oppose the one before.
- Two opposing transitions are a *flash*. `flashes` is half of the most transitions in any 60 of 60 frames a
  second (1/60 s short of closed at both ends, so a sine of 3.0 Hz has three), rounded down. More than three is a
  breach. General and red flashes are counted apart.
- `Count.uv` says what the wording of WCAG 2.2 would count instead for red: a way of more than 0.2 in the CIE 1976 UCS
  diagram (u', v') there and back, with a saturated red at one end. Darkness has no colour: it keeps the last.
  For information; it breaches nothing here.

Of what: three things, each by itself.

1. `whole`: the mean of all pixels' linear light, weighted by their areas.
2. The worst quarter of the area, twice. ITU-R BT.1702-3 (2023) and Ofcom's guidance count a flash where "opposing
   changes occur concurrently over more than a quarter of the screen"; WCAG says "combined area of flashes occurring
   concurrently". So, from every pixel's own transitions:
   - `quarter`: an area transition is when pixels with a quarter of the area or more between them have had a transition
     of the same direction within WITHIN seconds, and the last area transition was not of that direction. Wherever
     they are: a quarter that flashes here and then another there are both counted. What other pixels than those
     that took part in an area transition do within WITHIN after it belongs to it: halves in antiphase that
     swap do so once, not twice.
   - `same`: the number of flashes that pixels with a quarter of the area or more each have in the same second.
3. `zones`: the mean of each zone's pixels.

Neither may be fooled by bytes: light is averaged after decoding, never before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

QUARTER = 0.25
WITHIN = 0.05
MOST = 3
HAIR = 1e-9
"""What a sum of doubles may be short of: 0.6 - 0.5 is a little less than 0.1."""
LUMINANCE = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class Count:
    """The most flashes in any second, an array (n_clips,) each of (general, red) and thing."""

    whole: Numbers
    quarter: Numbers
    same: Numbers
    zones: Numbers
    uv: Numbers

    @property
    def worst(self) -> Numbers:
        """Of all that may breach: (n_clips,)."""
        most: Numbers = np.stack([self.whole, self.quarter, self.same, self.zones]).max(axis=(0, 1))
        return most

    def says(self, clip: int = 0) -> str:
        """One line about one clip."""
        things = (
            (name, getattr(self, name)[:, clip].tolist()) for name in ("whole", "quarter", "same", "zones")
        )
        return ", ".join(f"{name} {general}/{red}" for name, (general, red) in things) + " (general/red)"


def linear(bytes_: Numbers, gamma: float = 2.2) -> Numbers:
    """Linear light 0..1 of bytes coded with `gamma`; 1 for a receiver whose bytes are light already."""
    light: Numbers = ((np.arange(256) / 255.0) ** gamma)[bytes_]
    return light


def count(light: Numbers, area: Numbers, zone: Numbers, rate: int = 60) -> Count:
    """Flashes of linear light (n_clips, n_frames, n_pixels, 3); of each pixel its `area` and its `zone`'s number."""
    area = np.asarray(area, float) / np.sum(area)
    whole = np.einsum("cfpk,p->fck", light, area)[:, :, None]
    zones = np.stack([light[:, :, zone == z].mean(axis=2) for z in np.unique(zone)], axis=-2)
    zones = np.ascontiguousarray(np.moveaxis(zones, 1, 0))
    pixels = np.ascontiguousarray(np.moveaxis(light, 1, 0))
    found = {}
    for name, moves in (("general", general), ("red", red)):
        of_pixels = moves(pixels)
        found[name] = (
            flashes(moves(whole), rate).max(axis=-1),
            flashes(concurrent(of_pixels, area, rate), rate),
            in_the_same_second(of_pixels, area, rate),
            flashes(moves(zones), rate).max(axis=-1),
        )
    things = np.concatenate([whole, zones], axis=-2)
    whole, quarter, same, zones = (
        np.stack(pair) for pair in zip(found["general"], found["red"], strict=True)
    )
    return Count(whole, quarter, same, zones, flashes(by_chromaticity(things), rate).max(axis=-1))


def luminance(light: Numbers) -> Numbers:
    """Relative luminance of linear light (..., 3)."""
    return light[..., 0] * LUMINANCE[0] + light[..., 1] * LUMINANCE[1] + light[..., 2] * LUMINANCE[2]


def general(light: Numbers) -> Numbers:
    """General transitions of light (n_frames, ..., 3): 1 rises, -1 falls, int8 (n_frames, ...)."""
    return transitions(luminance(light), 0.1 - HAIR, 0.8)


def red(light: Numbers) -> Numbers:
    """Red transitions, likewise."""
    r, g, b = np.moveaxis(light, -1, 0)
    return transitions(np.maximum(0.0, r - g - b) * 320.0, 20.0 + HAIR, np.inf, saturated(light))


def saturated(light: Numbers) -> Numbers:
    """Whether light (..., 3) is a saturated red."""
    found: Numbers = (light[..., 0] >= 0.8 * light.sum(axis=-1) - HAIR) & (light[..., 0] > 0.0)
    return found


def transitions(values: Numbers, least: float, dark: float, marked: Numbers | None = None) -> Numbers:
    """1 where a value has risen by `least` since its last extreme, -1 where fallen: int8 like `values` (n_frames, ...).

    Only where the lower end is below `dark`, and one of the two ends is `marked`, if anything is.
    """
    out = np.zeros(values.shape, np.int8)
    low, high = values[0].copy(), values[0].copy()
    going = np.zeros(values.shape[1:], np.int8)
    mark_low = mark_high = np.ones(values.shape[1:], bool) if marked is None else marked[0]
    for k in range(1, len(values)):
        now = values[k]
        if marked is not None:
            mark_low = np.where(now <= low, marked[k], mark_low)
            mark_high = np.where(now >= high, marked[k], mark_high)
        np.minimum(low, now, out=low)
        np.maximum(high, now, out=high)
        rose = (going <= 0) & (now - low >= least) & (low < dark)
        fell = (going >= 0) & (high - now >= least) & (now < dark)
        if marked is not None:
            rose &= mark_low | marked[k]
            fell &= mark_high | marked[k]
        fell &= ~rose
        turned = rose | fell
        if turned.any():
            # The end of this change is where the next begins.
            low[turned] = high[turned] = now[turned]
            if marked is not None:
                mark_low = np.where(turned, marked[k], mark_low)
                mark_high = np.where(turned, marked[k], mark_high)
            going[rose], going[fell] = 1, -1
            out[k][rose], out[k][fell] = 1, -1
    return out


def by_chromaticity(light: Numbers) -> Numbers:
    """Transitions between colours that lie more than 0.2 apart in (u', v'), one of them a saturated red."""
    x = light[..., 0] * 0.4124 + light[..., 1] * 0.3576 + light[..., 2] * 0.1805
    y = luminance(light)
    z = light[..., 0] * 0.0193 + light[..., 1] * 0.1192 + light[..., 2] * 0.9505
    sum_ = x + 15 * y + 3 * z
    lit = sum_ > 1e-6
    uv = np.stack([4 * x, 9 * y], axis=-1) / np.where(lit, sum_, 1.0)[..., None]
    uv[0][~lit[0]] = (0.1978, 0.4683)  # white: nothing was seen yet
    is_red = saturated(light)
    for k in range(1, len(uv)):
        uv[k] = np.where(lit[k][..., None], uv[k], uv[k - 1])
        is_red[k] = np.where(lit[k], is_red[k], is_red[k - 1])
    out = np.zeros(lit.shape, np.int8)
    # `end` is the furthest from `before`, where the last transition began; at first it stays where it is.
    before, end, end_red = uv[0].copy(), uv[0].copy(), is_red[0].copy()
    moved = np.zeros(lit.shape[1:], bool)
    for k in range(1, len(uv)):
        further = moved & (((uv[k] - before) ** 2).sum(axis=-1) > ((end - before) ** 2).sum(axis=-1))
        turned = (((uv[k] - end) ** 2).sum(axis=-1) > 0.04) & (is_red[k] | end_red) & ~further
        before = np.where(turned[..., None], end, before)
        end = np.where((turned | further)[..., None], uv[k], end)
        end_red = np.where(turned | further, is_red[k], end_red)
        moved |= turned
        out[k] = turned
    return out


def flashes(moves: Numbers, rate: int) -> Numbers:
    """Half of the most transitions in any second of (n_frames, ...), rounded down."""
    most: Numbers = _in_seconds(moves != 0, rate).max(axis=0) // 2
    return most


def concurrent(of_pixels: Numbers, area: Numbers, rate: int) -> Numbers:
    """Area transitions (n_frames, n_clips) of transitions (n_frames, n_clips, n_pixels): see `quarter` above."""
    n_frames, n_clips, _ = of_pixels.shape
    within = max(1, round(WITHIN * rate))
    long_ago = -10 * within
    rose = np.full(of_pixels.shape[1:], long_ago)
    fell = rose.copy()
    last = np.zeros(n_clips, np.int8)
    until = np.full(n_clips, -1)  # up to this frame, what others change belongs to the last area transition
    part = np.zeros(rose.shape, bool)  # who took part in that
    out = np.zeros((n_frames, n_clips), np.int8)
    for k in range(n_frames):
        part |= (of_pixels[k] == last[:, None]) & (k <= until)[:, None]
        counts = part | (k > until)[:, None]
        rose[(of_pixels[k] > 0) & counts] = k
        fell[(of_pixels[k] < 0) & counts] = k
        share = [np.einsum("cp,p->c", when > k - within, area) >= QUARTER - HAIR for when in (rose, fell)]
        up = share[0] & (last <= 0)
        down = share[1] & (last >= 0) & ~up
        turned = up | down
        if turned.any():
            last = np.where(up, 1, np.where(down, -1, last)).astype(np.int8)
            mine = np.where(up[:, None], rose, fell) > k - within
            part = np.where(turned[:, None], mine, part)
            out[k][up], out[k][down] = 1, -1
            rose[turned] = fell[turned] = long_ago
            until[turned] = k + within - 1
    return out


def in_the_same_second(of_pixels: Numbers, area: Numbers, rate: int) -> Numbers:
    """The most flashes that a quarter of the area has pixel by pixel in one second: (n_clips,)."""
    each = _in_seconds(of_pixels != 0, rate) // 2
    most = np.zeros(of_pixels.shape[1], int)
    for number in range(1, int(each.max(initial=0)) + 1):
        enough = (np.einsum("fcp,p->fc", each >= number, area) >= QUARTER - HAIR).any(axis=0)
        if not enough.any():
            break
        most[enough] = number
    return most


def _in_seconds(happened: Numbers, rate: int) -> Numbers:
    """How often in the `rate` frames up to each: int16 (n_frames, ...)."""
    total = np.cumsum(happened, axis=0, dtype=np.int16)
    late = total.copy()
    late[rate:] -= total[:-rate]
    return late


def ddp_frames(packets: Iterable[bytes]) -> Numbers:
    """Frames uint8 (n, n_pixels, 3) as a DDP display of RGB shows them, one at each push.

    Read by the published layout (3waylabs, 2020): flags, sequence, type, destination, offset and length.
    """
    shown: list[bytes] = []
    memory = bytearray()
    for packet in packets:
        flags, _, kind, _, offset, length = struct.unpack_from(">BBBBIH", packet)
        assert flags & 0xC0 == 0x40, "not version 1"
        assert kind in (0x01, 0x0B), "not RGB of eight bits"
        data = packet[14 if flags & 0x10 else 10 :]
        assert len(data) == length
        memory.extend(bytes(max(0, offset + length - len(memory))))
        memory[offset : offset + length] = data
        if flags & 0x01:
            shown.append(bytes(memory))
    return _frames(shown)


def artnet_frames(packets: Iterable[bytes], first: int, n_pixels: int, slots: int = 510) -> Numbers:
    """Frames as nodes show them: universes from `first` on, `slots` of each used.

    At each ArtSync, or where there is but one universe, at once. Read by the published layout (Art-Net 4): the opcode
    little-endian, the length big-endian.
    """
    shown: list[bytes] = []
    memory = bytearray(n_pixels * 3)
    for packet in packets:
        assert packet[:8] == b"Art-Net\0"
        (opcode,) = struct.unpack_from("<H", packet, 8)
        if opcode == 0x5200:
            shown.append(bytes(memory))
        elif opcode == 0x5000:
            universe = packet[14] | packet[15] << 8
            (length,) = struct.unpack_from(">H", packet, 16)
            at = (universe - first) * slots
            data = packet[18 : 18 + min(length, slots, len(memory) - at)]
            memory[at : at + len(data)] = data
            if n_pixels * 3 <= slots:
                shown.append(bytes(memory))
    return _frames(shown)


def _frames(shown: Sequence[bytes]) -> Numbers:
    return np.frombuffer(b"".join(shown), np.uint8).reshape(len(shown), -1, 3)
