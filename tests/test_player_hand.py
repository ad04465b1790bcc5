"""A recording that is heard: a panic silences its loudspeaker within 5 ms and without a click, until resume."""

from __future__ import annotations

import numpy as np
import pytest

from wearsound.core import Event
from wearsound.show.hands import hand_to
from wearsound.sources.pace import Paced
from wearsound.sources.player import CUSHION, FALL, RISE, Player
from wearsound.sources.signal import test_signal as signal_of

RATE = 48_000
LANES = {"room": (0, 1)}


def called(player: Player, count: int) -> np.ndarray:
    """What its device gets of a wave that stands at a half, as one callback after another asks for it."""
    outs = []
    for at in range(0, count, 480):
        n = min(480, count - at)
        player.write(np.full((n, 2), 0.5, np.float32))
        out = np.full((n, 2), 9.0, np.float32)
        player._play(out, n, None, None)
        outs.append(out)
    return np.concatenate(outs)


def playing() -> tuple[Paced, Player]:
    paced = Paced(signal_of("pink"), mute=True)
    paced.player = player = Player(None, RATE, LANES)
    return paced, player


def test_a_loudspeaker_that_stood_still_does_not_stay_late() -> None:
    """What waited meanwhile is past; the rest rises from silence."""
    _, player = playing()
    assert (called(player, 4800) == 0.5).all()
    player.write(np.full((72_000, 2), 0.5, np.float32))  # 1.5 s in which nobody asked
    out = np.zeros((480, 2), np.float32)
    player._play(out, 480, None, None)
    assert player.waiting == pytest.approx(CUSHION - 0.01, abs=1e-3)
    assert out[0, 0] < 0.001
    assert np.abs(np.diff(out[:, 0])).max() <= 0.5 / (RISE * RATE) + 1e-6


def test_a_panic_is_silent_within_5_ms_without_a_click_and_time_goes_on() -> None:
    paced, player = playing()
    assert (called(player, 4800) == 0.5).all()
    tell = hand_to([paced])
    tell(Event(0, "/wear/blackout", (1,)))
    tell(Event(0, "/wear/master", (0.0,)))
    assert (called(player, 4800) == 0.5).all(), "a recording stands for the room: only a panic is for it"
    tell(Event(0, "/wear/panic"))
    out = called(player, 4800)
    assert (out[round(FALL * RATE) :] == 0.0).all()
    assert np.abs(np.diff(out[:, 0], prepend=0.5)).max() <= 0.5 / (FALL * RATE) + 1e-6
    assert player.waiting == 0.0, "what was not heard is past"
    assert (called(player, 48_000) == 0.0).all()
    tell(Event(0, "/wear/resume"))
    out = called(player, 48_000)
    assert np.abs(np.diff(out[:, 0], prepend=0.0)).max() <= 0.5 / (RISE * RATE) + 1e-6
    assert out[round(0.5 * RISE * RATE), 0] < 0.3
    assert (out[-1000:] == 0.5).all()
