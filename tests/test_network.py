"""The recurrent network in NumPy against its formula, and what it must not depend on."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
import songs

from training import features
from wearsound import chance
from wearsound.analysis import network
from wearsound.analysis.detector import (
    BEAT_EVERY,
    BEAT_INPUTS,
    BEAT_PHASE,
    BEATS,
    STROKE_EVERY,
    STROKE_PHASE,
    STROKES,
    pair,
)
from wearsound.analysis.network import Network
from wearsound.analysis.novelty import N_BANDS, N_INPUTS
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import Clock

UNITS, INPUTS, OUTPUTS = (5, 4), 7, 3


@pytest.fixture
def weights(tmp_path, monkeypatch) -> dict[str, np.ndarray]:
    """A small network of two layers called "tiny", where the real ones lie."""

    def made(name: str, *shape: int) -> np.ndarray:
        return chance.noises(3, name, int(np.prod(shape))).reshape(shape).astype(np.float32)

    arrays = {"leave": made("leave", OUTPUTS, sum(UNITS)), "leave_bias": made("leave_bias", OUTPUTS)}
    for i, (before, n) in enumerate(zip((INPUTS, *UNITS), UNITS, strict=False)):
        arrays |= {
            f"enter_{i}": made(f"enter {i}", 3 * n, before),
            f"enter_bias_{i}": made(f"enter_bias {i}", 3 * n),
            f"recur_{i}": made(f"recur {i}", 3 * n, n),
        }
    np.savez(tmp_path / "tiny.npz", **arrays)
    monkeypatch.setattr(network, "files", lambda package: tmp_path)
    return arrays


def layer(enter: np.ndarray, bias: np.ndarray, recur: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Cho et al. 2014 in plain loops, with x / sqrt(1 + x^2) for tanh."""
    squash = lambda x: x / np.sqrt(1 + x * x)  # noqa: E731
    n = recur.shape[1]
    state = np.zeros(n)
    states = []
    for row in rows:
        entered = [sum(enter[i] * row) + bias[i] for i in range(3 * n)]
        past = [sum(recur[i] * state) for i in range(3 * n)]
        new_state = np.zeros(n)
        for u in range(n):
            keep = 0.5 + 0.5 * squash(entered[u] + past[u])
            use = 0.5 + 0.5 * squash(entered[n + u] + past[n + u])
            new = squash(entered[2 * n + u] + use * past[2 * n + u])
            new_state[u] = keep * state[u] + (1 - keep) * new
        state = new_state
        states.append(state)
    return np.array(states)


def formula(weights: dict[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Both layers, and the likelihoods read off them."""
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    first, second = ([w[f"{name}_{i}"] for name in ("enter", "enter_bias", "recur")] for i in range(2))
    one = layer(*first, rows)
    states = np.concatenate([one, layer(*second, one)], axis=1)
    return 1 / (1 + np.exp(-(states @ w["leave"].T) - w["leave_bias"]))


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


def test_a_look_for_beats_sees_the_later_bands_and_the_most_of_the_rest():
    earlier, later = (np.arange(2.0 * (N_INPUTS + len(STROKES))).reshape(2, -1) % n for n in (7, 5))
    seen = np.zeros((2, BEAT_INPUTS))
    pair(earlier, later, seen)
    assert (seen[:, :N_BANDS] == later[:, :N_BANDS]).all()
    rest = slice(-(BEAT_INPUTS - N_BANDS), None)
    assert (seen[:, N_BANDS:] == np.maximum(earlier[:, rest], later[:, rest])).all()


@pytest.mark.parametrize("grouping", [(1,), (64,), (1, 7, 3, 64, 2)])
def test_what_is_learned_from_is_what_is_heard(grouping, monkeypatch):
    song = songs.groove(126, 3)[0].astype(np.float32)
    shown = features.inputs(song, Clock())
    spectra = LaneSpectra(Clock(), "room")
    seen: list[np.ndarray] = []
    hear = Network.run

    def run(net: Network, rows: np.ndarray) -> np.ndarray:
        seen.append(rows.copy())
        return hear(net, rows)

    monkeypatch.setattr(Network, "run", run)
    heard = []
    for block in songs.blocks(song, grouping):
        spectra.take(block)
        heard.append(spectra.detector.strokes.copy())
    strokes, beats = (
        np.concatenate([rows for rows in seen if rows.shape[1] == n]) for n in (N_INPUTS, BEAT_INPUTS)
    )
    assert (strokes == shown).all()
    learned = features.with_strokes(shown, np.concatenate(heard))
    np.testing.assert_allclose(beats, learned[: len(beats)], atol=1e-6)
    assert len(learned) - len(beats) <= 1


def test_the_answers_are_where_the_sound_begins():
    truth = {"onset": [1.0], "kick": [1.0], "snare": [], "hat": [], "beat": [1.0], "downbeat": []}
    asked = features.strokes(truth, 300, Clock())
    at = np.flatnonzero(asked[:, 0] == 1.0)
    time = features.ends(300, STROKE_EVERY, STROKE_PHASE, Clock())
    assert len(at) == 2
    assert 1.002 <= time[at[0]] < 1.002 + 0.0107
    assert (asked[[at[0] - 1, at[1] + 1], 0] == features.UNASKED).all()
    assert (asked[:, 2] == 0.0).all()
    beat = features.beats(truth, 150, Clock())
    time = features.ends(150, BEAT_EVERY, BEAT_PHASE, Clock())
    assert abs(time[beat[:, 0].argmax()] - 1.005) <= 0.0107
    assert beat[:, 0].sum() <= 2.0
