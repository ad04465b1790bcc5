"""Compact tables and pictures: what parts two of them, how much of a tolerance that takes, and what is no golden."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from wearsound.errors import MissingError, PatchError
from wearsound.outputs.record.png import png
from wearsound.outputs.record.wav import WavFile
from wearsound.proof.compact import QUIET, compact
from wearsound.proof.compare import compare
from wearsound.proof.fingerprint import elsewhere
from wearsound.proof.judge import Side, curves, judge
from wearsound.proof.pictures import compare_pictures, edges, largest
from wearsound.proof.table import NO_NUMBER, Table, on_grid, read_tables, singles, write_tables
from wearsound.proof.tolerance import LIMITS, Limit

TIMES = np.arange(1000) / 10


def light(**at: int) -> Table:
    """A chest of four pixels and a hem of two, all 100, but for `r17c3=102`."""
    values = np.full((1000, 18), 100, np.int64)
    for place, value in at.items():
        row, column = (int(number) for number in place[1:].split("c"))
        values[row, column] = value
    return Table(TIMES, ("chest", "hem"), (12, 6), (1.0, 1.0), values)


class TestCompare:
    def test_the_same_is_nothing(self) -> None:
        found = compare("light", light(), light())
        assert (found.said, found.used, found.changed, found.of) == ("", 0.0, 0, 18_000)

    def test_where_whom_and_by_how_much(self) -> None:
        found = compare("light", light(), light(r17c13=107, r18c0=0))
        assert found.said == "first at 1.70 s, hem, 7 of 255; most at 1.80 s, chest, 100 of 255"
        assert compare("light", light(), light(r17c13=107)).said == "first at 1.70 s, hem, 7 of 255"
        assert found.at == pytest.approx(1.7)
        assert found.changed == 2

    @pytest.mark.parametrize(
        ("many", "by", "used"),
        [(1, 1, 0.5), (1, 2, 1.0), (1, 3, 1.5), (18, 1, 1.0), (19, 1, 19 / 18), (9, -2, 1.0)],
    )
    def test_the_limit_of_light_is_known(self, many: int, by: int, used: float) -> None:
        """1 LSB on 0.1 % of 18,000 is 18 of them; 2 is the most of any."""
        other = light()
        other.values[:many, 5] += by
        assert compare("light", light(), other).used == pytest.approx(used)

    def test_a_beat_is_in_its_hop_or_it_is_another(self) -> None:
        counts = np.cumsum(np.isin(np.arange(1000), (100, 200)))[:, None]
        late = np.cumsum(np.isin(np.arange(1000), (101, 200)))[:, None]
        was, now = (singles(TIMES, ("room.beat",), 1.0, each) for each in (counts, late))
        found = compare("features.counted", was, now)
        assert found.used == np.inf
        assert found.said.startswith("first at 10.00 s, room.beat, 1 ")

    def test_what_is_gone_new_shorter_or_at_another_time(self) -> None:
        was, now = light(), light()
        other = Table(TIMES, ("chest", "seam"), (12, 6), (1.0, 1.0), now.values)
        assert compare("light", was, other).said == "hem is not there any more, and 1 more like that"
        short = Table(TIMES[:990], now.names, now.widths, now.grid, now.values[:990])
        assert compare("light", was, short).said == "at 99.00 s it ends there"
        assert compare("light", short, was).said == "at 99.00 s it ended there"
        later = Table(TIMES + 0.001, now.names, now.widths, now.grid, now.values)
        assert compare("light", was, later).used == np.inf

    def test_no_number_is_far_from_all(self) -> None:
        values = on_grid(np.array([[0.5], [np.nan], [np.inf]]), 0.001)
        assert values.ravel().tolist() == [500, int(NO_NUMBER), int(NO_NUMBER)]
        was = singles(TIMES[:3], ("room.bass",), 0.001, values)
        now = singles(TIMES[:3], ("room.bass",), 0.001, on_grid(np.array([[0.5], [0.5], [np.inf]]), 0.001))
        assert compare("features", was, now).said == "first at 0.10 s, room.bass, a number now"

    def test_a_share_of_none_allows_none(self) -> None:
        assert compare("light", light(), light(r0c0=101), Limit(most=5, share=0.0)).used == np.inf


class TestTables:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        odd = singles(
            TIMES[:3] / 3, ("a b", "ö"), 0.25, np.array([[1, -(2**40)], [2, 0], [NO_NUMBER, 2**52]], np.int64)
        )
        empty = singles(np.zeros(0), (), 1.0, np.zeros((0, 0), np.int64))
        write_tables(tmp_path / "golden.npz", {"light": light(r3c3=0), "odd": odd, "empty": empty})
        again = read_tables(tmp_path / "golden.npz")
        assert list(again) == ["empty", "light", "odd"]
        for name, table in (("light", light(r3c3=0)), ("odd", odd), ("empty", empty)):
            assert (again[name].names, again[name].widths, again[name].grid) == (
                table.names,
                table.widths,
                table.grid,
            )
            assert np.array_equal(again[name].values, table.values)
            assert np.abs(again[name].times - table.times).max(initial=0.0) < 1e-9

    def test_the_same_makes_the_same_file(self, tmp_path: Path) -> None:
        for name in ("a.npz", "b.npz"):
            write_tables(tmp_path / name, {"light": light()})
        assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()

    def test_what_is_no_golden_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "golden.npz"
        with pytest.raises(MissingError, match="not there any more"):
            read_tables(path)
        about = np.frombuffer(
            json.dumps({"light": {"names": ["a"], "widths": [3], "grid": [1]}}).encode(), np.uint8
        )
        numbers = np.ones((2, 5), np.int8)
        for text in (
            b"",
            b"a shopping list",
            {"about": about},
            {"about": about, "light": numbers, "light.times": np.ones((1, 5), np.int8)},
            {"about": about, "light": numbers.astype(float), "light.times": numbers},
            {"about": np.frombuffer(b"[1]", np.uint8)},
            {"about": np.frombuffer(b'{"light": 3}', np.uint8), "light": numbers, "light.times": numbers},
        ):
            if isinstance(text, bytes):
                path.write_bytes(text)
            else:
                np.savez(path, **text)
            with pytest.raises(PatchError, match="no golden"):
                read_tables(path)

    def test_a_bit_that_tipped_over_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "golden.npz"
        write_tables(path, {"light": light(r3c3=0)})
        whole = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            at = max(archive.infolist(), key=lambda each: each.compress_size).header_offset + 60
        path.write_bytes(whole[:at] + b"\xff" * 8 + whole[at + 8 :])
        with pytest.raises(zlib.error), np.load(path) as members:
            _ = [members[name] for name in members.files]
        with pytest.raises(PatchError, match="no golden"):
            read_tables(path)
        path.rename(tmp_path / "light.npz")
        with pytest.raises(PatchError, match=r"light\.npz cannot be read"):
            compact(tmp_path, {}, ["light"], ())

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "golden.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("light.npy", bytes(80 << 20))
        with pytest.raises(PatchError, match="no golden"):
            read_tables(tmp_path / "golden.npz")


def heard(folder: Path, gain: float) -> Table:
    """Half a second of 100 Hz on the left, 0.1 s of it alone; what a golden keeps of it."""
    t = np.arange(24_000) / 48_000
    left = gain * 0.5 * np.sin(2 * np.pi * 100 * t)
    file = WavFile(folder / "sound.wav", 48_000, 2)
    file.write(np.rint(np.stack([left, np.zeros_like(left)], axis=1) * (1 << 23)).astype(np.int32))
    file.close()
    return compact(folder, {}, ["sound"], ())["sound"]


class TestSound:
    def test_bands_say_what_a_sine_is(self, tmp_path: Path) -> None:
        table = heard(tmp_path, 1.0)
        level = {name: table.values[1, i] * 0.01 for i, name in enumerate(table.names)}
        assert level["left 60 to 160 Hz"] == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.02)
        assert level["left peak"] == pytest.approx(20 * np.log10(0.5), abs=0.02)
        assert level["right 60 to 160 Hz"] == level["left 2000 to 6000 Hz"] == QUIET

    def test_half_a_decibel_is_too_much_and_a_hundredth_is_not(self, tmp_path: Path) -> None:
        was = heard(tmp_path, 1.0)
        assert compare("sound", was, heard(tmp_path, 10 ** (0.5 / 20))).used > 5
        assert 0 < compare("sound", was, heard(tmp_path, 10 ** (0.02 / 20))).used < 1


def shown(folder: Path, rgb: np.ndarray, name: str = "0000.png") -> Path:
    (folder / "thumbs").mkdir(parents=True, exist_ok=True)
    (folder / "thumbs" / name).write_bytes(png(rgb.astype(np.uint8)))
    return folder


class TestPictures:
    cloth = np.broadcast_to((np.arange(160) // 4 % 2 * 20 + 60)[None, :, None], (90, 160, 3)).copy()

    def test_noise_below_eight_is_none(self, tmp_path: Path) -> None:
        was = shown(tmp_path / "a", self.cloth)
        other = self.cloth.copy()
        other[::30, ::40] += 8
        found = compare_pictures(was, shown(tmp_path / "b", other))
        assert found.used < 1
        assert found.changed == 12
        assert found.said == "first at 0 s, 12 of 14400 pixels, by up to 8 of 255"

    def test_a_patch_of_four_is_seen(self, tmp_path: Path) -> None:
        was = shown(tmp_path / "a", self.cloth)
        other = self.cloth.copy()
        other[40:42, 81:83] += 30
        assert compare_pictures(was, shown(tmp_path / "b", other)).used > 1

    def test_one_pixel_aside_is_seen(self, tmp_path: Path) -> None:
        was = shown(tmp_path / "a", self.cloth)
        assert compare_pictures(was, shown(tmp_path / "b", np.roll(self.cloth, 1, axis=1))).used > 1

    def test_a_line_may_lie_a_hair_beside(self) -> None:
        line = np.zeros((9, 9, 3), np.uint8)
        line[:, 4] = 255
        found = edges(line, 48)
        assert found[:, 3:6].all()
        assert not found[:, :3].any()

    def test_what_hangs_together(self) -> None:
        mask = np.zeros((6, 6), bool)
        mask[0, 0] = mask[1, 1] = mask[2, 2] = mask[5, 5] = True
        assert (largest(mask, 9), largest(mask, 2)) == (3, 2)

    def test_another_number_of_them_or_none(self, tmp_path: Path) -> None:
        was = shown(tmp_path / "a", self.cloth)
        now = shown(shown(tmp_path / "b", self.cloth), self.cloth, "0001.png")
        assert compare_pictures(was, now).said == "thumbs/0001.png is new"
        assert compare_pictures(was, now, some=True).used == 0
        assert compare_pictures(now, was, some=True).said == "thumbs/0001.png is not there any more"
        (now / "thumbs" / "0000.png").write_bytes(b"no picture")
        with pytest.raises(PatchError, match=r"0000\.png"):
            compare_pictures(was, now, some=True)


FACTS: dict[str, dict[str, object]] = {
    "content": {},
    "counts": {"hops": 300},
    "flashes": {"worst": 2, "zones": {"a": 2}},
    "power": {"peak_ma": 800.0, "mean_ma": 0.0},
    "picture": {"poster": 7, "size": [320, 180]},
    "sound": {"lufs": None},
}


class TestFacts:
    def judged(self, tolerant: bool = True, **changes: dict[str, object]) -> str:
        side = {key: {**value, **changes.get(key, {})} for key, value in FACTS.items()}
        (verdict,) = judge(Side(Path(), FACTS, ()), Side(Path(), side, ()), tolerant=tolerant)
        return verdict.kind

    def test_counts_are_exact_and_measures_are_not(self) -> None:
        assert self.judged() == "exact"
        assert self.judged(power={"peak_ma": 801.0}) == "within"
        assert self.judged(power={"peak_ma": 801.0}, tolerant=False) == "differs"
        assert self.judged(power={"peak_ma": 802.0}) == "differs"
        assert self.judged(counts={"hops": 301}) == "differs"
        assert self.judged(flashes={"zones": {"a": 3}}) == "differs"
        assert self.judged(picture={"poster": 8}) == "within"
        assert self.judged(picture={"size": [320, 182]}) == "differs"
        assert self.judged(sound={"lufs": -20.0}) == "differs"
        assert self.judged(sound={"lufs": None, "new": 1}) == "differs"


def test_layers_that_are_gone_or_new_are_said() -> None:
    was, now = ({"content": {layer: "a"}} for layer in ("light", "sound"))
    first, second, _ = judge(Side(Path(), was, ()), Side(Path(), now, ()), tolerant=True)
    assert (first.layer, first.kind) == ("light", "missing")
    assert (second.layer, second.kind) == ("sound", "differs")


def test_a_take_has_hashes_alone() -> None:
    was, now = ({"content": {"light": letter * 64}} for letter in "ab")
    verdict, _ = judge(Side(Path(), was, (), "hashes"), Side(Path(), now, ()), tolerant=True)
    assert verdict.said == f"differs: its hash was {'a' * 16}, is {'b' * 16}"


def test_elsewhere_is_what_both_say_and_is_another() -> None:
    was = {"numpy": "2.1.0", "simd": "X86_V3", "wearsound": "0.1.0", "av": "13"}
    now = {"numpy": "2.4.6", "simd": "X86_V3", "wearsound": "0.2.0", "av": "14", "sdl": "2.32"}
    assert elsewhere(was, now) == ["numpy 2.4.6, was 2.1.0"]
    assert elsewhere({}, now) == []


def test_every_table_has_its_limit_and_curves_end_where_they_end(tmp_path: Path) -> None:
    assert set(LIMITS) == {
        "features",
        "features.counted",
        "light",
        "vibration",
        "sound",
        "osc",
        "osc.numbers",
    }
    for name, rows in (("a", 1000), ("b", 900)):
        (tmp_path / name).mkdir()
        whole = light()
        table = Table(TIMES[:rows], whole.names, whole.widths, whole.grid, whole.values[:rows])
        write_tables(tmp_path / name / "golden.npz", {"light": table})
    sides = [Side(tmp_path / name, {"content": {"light": name}}, (), "golden") for name in "ab"]
    chest, _ = curves(*sides)
    assert (chest.layer, chest.name, chest.unit, len(chest.times)) == ("light", "chest", "of 255", 1000)
    assert chest.before.tolist() == [100.0] * 1000
    assert np.isnan(chest.after).sum() == 100


def osc_tables(folder: Path, *lines: tuple[float, str, list[object]]) -> dict[str, Table]:
    """Of a folder's osc.jsonl."""
    folder.mkdir()
    said = [{"t": t, "target": "", "address": address, "args": args} for t, address, args in lines]
    (folder / "osc.jsonl").write_text("".join(json.dumps(one) + "\n" for one in said), encoding="utf-8")
    return compact(folder, {}, ["osc"], ())


def test_one_message_more_moves_no_other_number(tmp_path: Path) -> None:
    ramp = [(k / 60, "/wear/zone/chest/glow", [k / 1000]) for k in range(120)]
    before = osc_tables(tmp_path / "a", *ramp)
    after = osc_tables(tmp_path / "b", *ramp[:30], (0.49, "/wear/beat", [7, "now"]), *ramp[30:])
    was, now = before["osc.numbers"], after["osc.numbers"]
    assert was.names == ("/wear/zone/chest/glow 0",)
    assert now.names == (*was.names, "/wear/beat 0")
    assert was.times.tolist() == [k / 4 for k in range(8)]
    assert was.values[:, 0].tolist() == [k * 1000 for k in range(14, 120, 15)], "as each quarter ends"
    assert np.array_equal(now.values[:, 0], was.values[:, 0])
    assert now.values[:, 1].tolist() == [0, 7_000_000, *[7_000_000] * 6]
    assert compare("osc", before["osc"], after["osc"]).said.startswith("first at 0.00 s")


@pytest.mark.parametrize("time", [-1.0, 1e12, float("inf"), float("nan")])
def test_a_time_that_no_show_has_is_refused(time: float, tmp_path: Path) -> None:
    with pytest.raises(PatchError, match=r"osc\.jsonl cannot be read"):
        osc_tables(tmp_path / "a", (time, "/wear/beat", [1]))
