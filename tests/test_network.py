"""The recurrent network in NumPy against its formula, and what it must not depend on."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
import songs

from wearsound import chance
from wearsound.analysis import network
from wearsound.analysis.detector import BEAT_EVERY, BEAT_PHASE, BEATS, STROKE_EVERY, STROKE_PHASE, STROKES
from wearsound.analysis.network import Network
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import Clock

UNITS, INPUTS, OUTPUTS = 5, 7, 3


@pytest.fixture
def weights(tmp_path, monkeypatch) -> dict[str, np.ndarray]:
    """A small network called "tiny", where the real ones lie."""

    def made(name: str, *shape: int) -> np.ndarray:
        return chance.noises(3, name, int(np.prod(shape))).reshape(shape).astype(np.float32)

    arrays = {
        "enter": made("enter", 3 * UNITS, INPUTS),
        "enter_bias": made("enter_bias", 3 * UNITS),
        "recur": made("recur", 3 * UNITS, UNITS),
        "leave": made("leave", OUTPUTS, UNITS),
        "leave_bias": made("leave_bias", OUTPUTS),
    }
    np.savez(tmp_path / "tiny.npz", **arrays)
    monkeypatch.setattr(network, "files", lambda package: tmp_path)
    return arrays


def formula(weights: dict[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Cho et al. 2014 in plain loops, with x / sqrt(1 + x^2) for tanh."""
    squash = lambda x: x / np.sqrt(1 + x * x)  # noqa: E731
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    state = np.zeros(UNITS)
    out = []
    for row in rows:
        entered = [sum(w["enter"][i] * row) + w["enter_bias"][i] for i in range(3 * UNITS)]
        past = [sum(w["recur"][i] * state) for i in range(3 * UNITS)]
        new_state = np.zeros(UNITS)
        for u in range(UNITS):
            keep = 0.5 + 0.5 * squash(entered[u] + past[u])
            use = 0.5 + 0.5 * squash(entered[UNITS + u] + past[UNITS + u])
            new = squash(entered[2 * UNITS + u] + use * past[2 * UNITS + u])
            new_state[u] = keep * state[u] + (1 - keep) * new
        state = new_state
        out.append(
            [1 / (1 + np.exp(-sum(w["leave"][o] * state) - w["leave_bias"][o])) for o in range(OUTPUTS)]
        )
    return np.array(out)


def rows(n: int) -> np.ndarray:
    return chance.noises(4, "rows", n * INPUTS).reshape(n, INPUTS)


def test_it_is_its_formula(weights):
    said = Network("tiny", INPUTS, OUTPUTS, 40).run(rows(40))
    np.testing.assert_allclose(said, formula(weights, rows(40)), atol=2.0**-20)
    assert (said * 2**20 == np.rint(said * 2**20)).all()


def test_state_is_carried_and_reset_forgets_it(weights):
    net = Network("tiny", INPUTS, OUTPUTS, 40)
    whole = net.run(rows(40)).copy()
    net.reset()
    parts = [net.run(part).copy() for part in np.split(rows(40), [1, 2, 9, 9, 30])]
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert net.run(rows(40)).tobytes() != whole.tobytes()
    net.reset()
    assert net.run(rows(40)).tobytes() == whole.tobytes()


def test_weights_that_do_not_fit_are_told(weights):
    with pytest.raises(ValueError, match=r"tiny.npz does not fit its 8 inputs"):
        Network("tiny", INPUTS + 1, OUTPUTS, 40)


def test_the_weights_are_a_few_hundred_kilobytes():
    sizes = [
        files("wearsound.analysis").joinpath(f"{name}.npz").stat().st_size for name in ("strokes", "beats")
    ]
    assert sum(sizes) < 400_000


class TestTheDetector:
    def test_it_looks_when_it_says(self):
        spectra = LaneSpectra(Clock(), "room")
        for block in songs.blocks(songs.groove(120, 3)[0], (1, 7, 3, 64, 2)):
            spectra.take(block)
            detector = spectra.detector
            assert detector.strokes.shape == (len(spectra.looks(STROKE_EVERY, STROKE_PHASE)), len(STROKES))
            assert detector.beats.shape == (len(spectra.looks(BEAT_EVERY, BEAT_PHASE)), len(BEATS))

    def test_a_kick_is_a_kick_and_a_hat_is_a_hat(self):
        for name, sound in (("kick", songs.kick()), ("hat", np.diff(songs.hat()))):
            song = songs.put(songs.silence(6), np.arange(0.5, 5.5, 0.6), sound) + songs.noise(6, 0.0005)
            heard = songs.Heard(song)
            counts = {drum: heard[drum][-1] for drum in ("kick", "snare", "hat")}
            assert counts[name] >= 8, counts
            assert sum(counts.values()) - counts[name] <= 2, counts
