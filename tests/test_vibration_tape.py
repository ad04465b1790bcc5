"""vibration.wav and what a report says of vibration: the same in any grouping, and counted by brute force here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from test_vibration_safety import HOP, shaker

from wearsound import load, render
from wearsound.chance import uniforms
from wearsound.core import Clock, Frame, Health, Row
from wearsound.felt import Drive
from wearsound.garment.motor_kinds import motion
from wearsound.outputs.record.duty import DutyMeter
from wearsound.outputs.record.layer_files import spoilt
from wearsound.outputs.record.power import PowerMeter
from wearsound.outputs.record.report import Report
from wearsound.outputs.record.vibration import VibrationLayer
from wearsound.proof.check import check
from wearsound.show.build import Built, build
from wearsound.sources.signal import test_signal as signal_of

CLOCK = Clock()
N_HOPS = 7 * 64


def whole(n: int = 3, hops: int = N_HOPS) -> Drive:
    wave = (2 * uniforms(1, "wave", hops * HOP * n) - 1).reshape(-1, n).astype(np.float32)
    level = (uniforms(2, "level", hops * n) - 0.3).reshape(-1, n)
    return Drive(wave * np.float32(0.4), level, np.full((hops, n), 120.0))


def taped(path: Path, size: int, gaps: dict[int, int], drive: Drive) -> VibrationLayer:
    """Blocks of at most `size` hops, with gaps before some hops."""
    tape = VibrationLayer(path / f"{size}.wav", shaker(path).actuators)
    tape.open(CLOCK)
    tick, at, hops = 0, 0, len(drive.level)
    while at < hops:
        gap = gaps.get(at, 0)
        ends = [hop for hop in (*gaps, hops) if hop > at]
        n = min(size, min(ends) - at)
        part = Drive(drive.wave[at * HOP : (at + n) * HOP], drive.level[at : at + n], drive.hz[at : at + n])
        tick += gap
        tape.drive(tick, gap, part)
        tick, at = tick + n, at + n
    tape.close()
    tape.close()
    return tape


def test_every_sample_is_kept_in_the_garments_order(tmp_path: Path) -> None:
    drive = whole()
    tape = taped(tmp_path, 64, {}, drive)
    found, rate = soundfile.read(tmp_path / "64.wav", dtype="int32")
    assert soundfile.info(tmp_path / "64.wav").subtype == "PCM_24"
    assert rate == 48_000
    assert found.shape == (N_HOPS * HOP, 3)
    assert (found >> 8 == np.rint(drive.wave.astype(float) * 2**23).astype(int)).all()
    assert tape.facts()["counts"] == {"felt": N_HOPS * HOP}


def test_lost_hops_are_still(tmp_path: Path) -> None:
    drive = whole()
    taped(tmp_path, 64, {100: 5000, 300: 1}, drive)
    found, _ = soundfile.read(tmp_path / "64.wav", dtype="int32")
    assert len(found) == (N_HOPS + 5001) * HOP
    assert not found[100 * HOP : 5100 * HOP].any()
    assert found[5100 * HOP :].any()
    assert not found[5300 * HOP : 5301 * HOP].any()


def test_any_grouping_gives_the_same_file_facts_and_hash(tmp_path: Path) -> None:
    drive, gaps = whole(), {100: 5000, 300: 1}
    tapes = [taped(tmp_path, size, gaps, drive) for size in (1, 7, 64)]
    assert len({(tmp_path / f"{size}.wav").read_bytes() for size in (1, 7, 64)}) == 1
    assert len({tape.digest for tape in tapes}) == 1
    assert len({json.dumps(tape.facts()) for tape in tapes}) == 1
    drive.level[-1, 2] += 0.01
    assert taped(tmp_path, 64, gaps, drive).digest != tapes[0].digest


def test_duty_is_counted_by_brute_force(tmp_path: Path) -> None:
    clock = Clock(12_000)
    hops = 40_000
    worked = np.rint(uniforms(3, "worked", hops * 2).reshape(-1, 2) ** 3 * (1 << 23)).astype(np.int64)
    worked[20_000:22_000, 1] = 1 << 23
    found = []
    for size in (1, 64):
        meter = DutyMeter(2, clock)
        for at in range(0, hops, size):
            meter.add(worked[at : at + size])
        found.append(meter.worst(1 << 23))
    assert found[0] == found[1]
    for name, n in (("10s", 468), ("10min", 28_125)):
        total = np.concatenate([np.zeros((n, 2)), np.cumsum(worked, axis=0)])
        expected = (total[n:] - total[:-n]).max(axis=0) / (n * 2**23)
        assert found[0][name] == pytest.approx(expected, abs=1e-4)


def test_facts_of_each_actuator(tmp_path: Path) -> None:
    """Half a second at a half, level and wave: duty over ten seconds 2.5 %, and its share of its milliamperes."""
    hops = 94
    drive = Drive(
        np.full((hops * HOP, 3), 0.5, np.float32), np.full((hops, 3), -0.5), np.full((hops, 3), 180.0)
    )
    drive.wave[:, 2], drive.level[:, 2] = 0.0, 0.0
    tape = taped(tmp_path, 64, {}, drive)
    felt = tape.facts()["vibration"]
    assert felt["actuators"]["a0"] == {"peak": 0.5, "duty_10s": 0.0251, "duty_10min": 0.0004}
    assert felt["actuators"]["a2"]["peak"] == 0.0
    coil, lra = (motion(actuator) for actuator in shaker(tmp_path).actuators[:2])
    drawn = 0.5 * (coil.ma / coil.full + lra.ma / lra.full)
    assert felt["peak_ma"] == felt["mean_ma"] == pytest.approx(drawn, abs=0.1)


def test_power_counts_what_is_felt() -> None:
    frame = Frame(0, 0, 0.0, Row({}, np.zeros(0)), Row({}, np.zeros(0)), np.zeros((1, 3), np.uint8),
                  np.zeros(1, np.float32), Health(), 0, ma=400.0)  # fmt: skip
    for felt, most, expected in (
        (None, 1000.0, {"peak_ma": 400.0, "mean_ma": 400.0, "hours": 5.0}),
        ((100.0, 350.0), 1000.0, {"peak_ma": 750.0, "mean_ma": 500.0, "hours": 4.0}),
        ((100.0, 350.0), 700.0, {"peak_ma": 750.0, "mean_ma": 500.0, "hours": 4.0, "over_ma": 50.0}),
    ):
        meter = PowerMeter(2000.0, [], (lambda felt=felt: felt) if felt else None, most)
        meter.add(frame)
        assert meter.facts()["power"] == expected


@pytest.mark.parametrize(
    ("peak", "dose", "taken", "said"),
    [
        (0.0, 0.0, 0.0, "vibration: 2 actuators, still from beginning to end"),
        (0.7, 0.0, 0.0, "vibration: 2 actuators, worst duty 31% over 10 s (chest_l), 0.0% of a day's dose"),
        (0.7, 0.04, 0.0, "vibration: 2 actuators, worst duty 31% over 10 s (chest_l), 4% of a day's dose"),
        (
            0.7,
            0.0004,
            0.125,
            "vibration: 2 actuators, worst duty 31% over 10 s (chest_l), under 0.1% of a day's dose; "
            "duty and dose took 12.5% of what was asked of chest_l",
        ),
    ],
)
def test_what_an_artist_reads(peak: float, dose: float, taken: float, said: str) -> None:
    each = {"peak": peak, "duty_10s": 0.31, "duty_10min": 0.1, "taken": taken}
    still = {"peak": 0.0, "duty_10s": 0.0, "duty_10min": 0.0, "taken": 0.0}
    felt = {"actuators": {"chest_l": each, "back": still}, "dose": {"of_action": dose}}
    assert said in Report({"vibration": felt}).summary().splitlines()


# --- As a layer of a show -----------------------------------------------------------------------------------------


def show_of(tmp_path: Path) -> Path:
    path = tmp_path / "felt.toml"
    path.write_text('title = "Felt"\n[[route]]\nfrom = "bass"\nto = "*.buzz"\nin = [0.1, 0.5]\n')
    return path


def test_a_render_has_it_and_check_finds_it_the_same(tmp_path: Path) -> None:
    garment = shaker(tmp_path)
    show = load(show_of(tmp_path), garment=garment.path)
    report = render(show, "test:kick=120", to=tmp_path / "out", seconds=3, video=False)
    again = render(show, "test:kick=120", to=tmp_path / "again", seconds=3, video=False)
    assert report.facts == again.facts
    assert list(report.facts["content"]) == ["features", "osc", "light", "vibration", "sound"]
    found, rate = soundfile.read(tmp_path / "out" / "vibration.wav")
    assert rate == 48_000
    assert found.shape[1] == 3
    assert np.abs(found).max() > 0.2
    assert len(found) == len(soundfile.read(tmp_path / "out" / "sound.wav")[0])
    felt = report.facts["vibration"]
    assert set(felt["actuators"]) == {"a0", "a1", "a2"}
    assert felt["dose"]["a8"] > 0
    assert felt["mean_ma"] > 0
    assert "vibration: 3 actuators, worst duty" in report.summary()
    assert check(tmp_path / "out").lines == []
    (tmp_path / "out" / "vibration.wav").unlink()
    assert "vibration.wav is not there any more" in spoilt(tmp_path / "out", report.facts)[0]


def test_fewer_seconds_are_the_beginning_of_more(tmp_path: Path) -> None:
    show = load(show_of(tmp_path), garment=shaker(tmp_path).path)
    waves = []
    for seconds in (1, 2):
        render(show, "test:kick=120", to=tmp_path / f"{seconds}", seconds=seconds, video=False)
        waves.append(soundfile.read(tmp_path / f"{seconds}" / "vibration.wav", dtype="int32")[0])
    assert (waves[1][: len(waves[0])] == waves[0]).all()
    assert waves[0].any()


def test_a_garment_without_actuators_has_no_such_layer(tmp_path: Path) -> None:
    garment = shaker(tmp_path, kinds="")
    report = render(
        load(show_of(tmp_path), garment=garment.path),
        "test:kick=120",
        to=tmp_path / "out",
        seconds=1,
        video=False,
    )
    assert "vibration" not in report.facts
    assert "vibration" not in report.facts["content"]
    assert not (tmp_path / "out" / "vibration.wav").exists()
    assert "vibration" not in report.summary()


def proved(folder: Path, *, strict: bool) -> Built:
    """A show that shakes, recorded as the take `folder`/take with its hashes."""
    from wearsound.show.take import proving, take_tape

    show = load(show_of(folder), garment=shaker(folder).path)
    tape = take_tape(show, folder / "take", wait=True)
    built = build(show, {"room": (0,)}, 48_000, strict=strict)
    built.engine.tapes.insert(0, tape)
    (folder / "layers").mkdir()
    proving(show, tape, folder / "layers")(built)
    return built


def test_a_take_that_proves_has_its_hash(tmp_path: Path) -> None:
    """Live and offline alike: what a take kept of vibration is what rendering it again gives, gaps and all."""
    from wearsound.core import Block

    built = proved(tmp_path, strict=True)

    class Gappy:
        live, sample_rate, lanes = False, 48_000, {"room": (0,)}

        def blocks(self, clock: Clock):
            kicks, tick = signal_of("test:kick=120"), 0
            for n, gap in ((64, 0), (1, 0), (7, 400), (64, 0), (64, 3), (13, 0), (64, 0)):
                tick += gap
                samples = kicks.samples(tick * HOP, n * HOP, 48_000).astype(np.float32)[:, None]
                yield Block(tick, samples, self.lanes, n, gap=gap)
                tick += n

    built.engine.run(Gappy())
    facts = json.loads((tmp_path / "take" / "facts.json").read_text())
    assert "vibration" in facts["content"]
    assert facts["vibration"]["actuators"]["a0"]["peak"] > 0.1
    assert check(tmp_path / "take").lines == []


@pytest.mark.parametrize("broken", ["light", "osc", "vibration"])
def test_what_broke_off_proves_nothing(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that was full for a moment: what was counted until then is not of the show, so it is not kept."""
    from wearsound.outputs.osc import JsonlSink
    from wearsound.outputs.record.light import LightTape
    from wearsound.outputs.record.vibration import VibrationLayer

    kind, name = {
        "light": (LightTape, "send"),
        "osc": (JsonlSink, "send"),
        "vibration": (VibrationLayer, "drive"),
    }[broken]
    whole, done = getattr(kind, name), []

    def until_full(self: object, *args: object) -> None:
        done.append(args)
        if len(done) > 2:
            raise OSError(28, "No space left on device")
        whole(self, *args)

    monkeypatch.setattr(kind, name, until_full)
    built = proved(tmp_path, strict=False)
    built.engine.run(signal_of("test:kick=120,seconds=1"))
    facts = json.loads((tmp_path / "take" / "facts.json").read_text())
    assert {"features", "osc", "light", "vibration", "sound"} - facts["content"].keys() == {broken}
    assert broken not in facts
    assert ("flashes" in facts) is (broken != "light")
