"""Why does nothing react? A few seconds of listening become one verdict in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from wearsound.analysis.gain import OPEN_AT_LEAST, decibels
from wearsound.core import F64, Block

SILENT_DB = -80.0
QUIET_DB = OPEN_AT_LEAST
CLIPPED = 0.999
CLIPPED_SHARE = 1e-4


@dataclass(frozen=True, slots=True)
class Levels:
    """What a few seconds of each channel were like: rms and peak in dB, share of clipped samples.

    dB as everywhere in the program: a full-scale sine reads 0 in both, -90 is the floor of rms.
    """

    rms: tuple[float, ...]
    peak: tuple[float, ...]
    clipped: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word and one sentence; `good` says whether a show would react."""

    word: str
    sentence: str

    @property
    def good(self) -> bool:
        """Whether a show would react."""
        return self.word == "good"


def listen(blocks: Iterable[Block], sample_rate: int, seconds: float) -> Levels | None:
    """Measure up to `seconds` of every channel; None if nothing came at all."""
    power: F64 | None = None
    count = 0
    for block in blocks:
        if block.n_hops == 0:
            continue
        samples = block.samples.astype(np.float64)
        if power is None:
            power, peak, clipped = (np.zeros(samples.shape[1]) for _ in range(3))
        power += (samples * samples).sum(axis=0)
        magnitude = np.abs(samples)
        peak = np.maximum(peak, magnitude.max(axis=0))
        clipped += (magnitude >= CLIPPED).sum(axis=0)
        count += len(samples)
        if count >= seconds * sample_rate:
            break
    if power is None or count == 0:
        return None
    return Levels(
        rms=tuple(decibels(float(mean)) for mean in power / count),
        peak=tuple(20 * np.log10(np.maximum(peak, 1e-6))),
        clipped=tuple(clipped / count),
        seconds=count / sample_rate,
    )


def judge(levels: Levels | None, lanes: Mapping[str, tuple[int, ...]], name: str) -> Verdict:
    """The verdict on what was heard from `name`, whose `room` lane is what most patches listen to."""
    if levels is None:
        return Verdict(
            "nothing",
            f"{name} is open but delivers no sound at all; unplug and replug it, or choose another with --input",
        )
    room = [channel for channel in lanes.get("room", ()) if channel < len(levels.rms)] or list(
        range(len(levels.rms))
    )
    loud = [channel for channel, rms in enumerate(levels.rms) if rms > QUIET_DB]
    rms = max(levels.rms[channel] for channel in room)
    here = _channels(room)
    elsewhere = [channel for channel in loud if channel not in room]
    deaf = [channel for channel in room if levels.rms[channel] < SILENT_DB]
    if elsewhere and rms < QUIET_DB:
        return Verdict(
            "wrong channel",
            f"the sound is on {_channels(elsewhere)} ({levels.rms[elsewhere[0]]:.0f} dBFS), "
            f"but the show listens to {here} ({rms:.0f} dBFS); "
            f"write lanes = {{ room = [{elsewhere[0] + 1}] }} in a rig and use --rig",
        )
    if rms < SILENT_DB:
        return Verdict(
            "silent",
            f"{name} is silent ({rms:.0f} dBFS on {here} for {levels.seconds:.0f} s); "
            "check cable, mute switch and input volume",
        )
    if rms < QUIET_DB:
        return Verdict(
            "quiet",
            f"{name} is very quiet ({rms:.0f} dBFS on {here}; "
            f"the gate wants more than {QUIET_DB:.0f}); turn the input up",
        )
    worst = max(room, key=lambda channel: levels.clipped[channel])
    if levels.clipped[worst] > CLIPPED_SHARE:
        return Verdict(
            "clipped",
            f"{name} clips: {levels.clipped[worst]:.1%} of channel {worst + 1} is at full scale; turn the input down",
        )
    if deaf and len(deaf) < len(room):
        heard = [channel for channel in room if channel not in deaf]
        return Verdict(
            "wrong channel",
            f"{_channels(deaf)} is silent and {_channels(heard)} is not ({levels.rms[heard[0]]:.0f} dBFS); "
            f"a cable may be half in, or write lanes = {{ room = [{heard[0] + 1}] }} in a rig",
        )
    return Verdict(
        "good",
        f"{name} is heard well: {rms:.0f} dBFS on {here}, peak {max(levels.peak[c] for c in room):.0f} dBFS",
    )


def _channels(channels: list[int]) -> str:
    return "channel " + " and ".join(str(channel + 1) for channel in channels)
