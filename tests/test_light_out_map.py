"""From a frame's pixels to a target's bytes: order, gamma, white, maps; against the same sums pixel by pixel."""

from __future__ import annotations

import logging
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from wearsound.errors import PatchError
from wearsound.garment.current import pixel_ma
from wearsound.garment.sewn import sewn
from wearsound.outputs.light.map import LightMap
from wearsound.safety.current import CurrentGuard
from wearsound.show.light_targets import light_budgets, light_finding, pixels_of, sender_of
from wearsound.show.load import load
from wearsound.show.rig import Rig, read_rig
from wearsound.show.supplies import budgets_of, told

RAW = {"gamma": 1.0}


def some(n: int = 40) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (n, 3)).astype(np.uint8)


def slowly(pixels: np.ndarray, numbers: list[int], order: str, gamma: float) -> list[int]:
    """The same, pixel by pixel and colour by colour."""
    out = []
    for number in numbers:
        light = [float(v / 255) ** 2.2 for v in pixels[number]] if number >= 0 else [0.0] * 3
        white = 0.0
        if "W" in order:
            white = min(light)
            light = [v - white for v in light]
        now = dict(zip("RGBW", [*light, white], strict=True))
        out += [255 * now[letter] ** (gamma / 2.2) for letter in order]
    return out


ORDERS = ["".join(p) for word in ("RGB", "RGBW") for p in permutations(word)]


@pytest.mark.parametrize("gamma", [1.0, 2.2, 2.8])
def test_every_order_is_the_same_sum(gamma: float) -> None:
    pixels, numbers = some(), [3, 2, -1, 0, 39, 3, 17]
    for order in ORDERS:
        made = list(LightMap(numbers, order, gamma).bytes_of(pixels))
        # Three channels come from one rounded table; white is subtracted in 16 bits and rounded once.
        assert (
            np.abs(np.array(made) - slowly(pixels, numbers, order, gamma)).max() < 0.52 + ("W" in order) * 1.5
        )


def test_gamma_1_sends_the_bytes_as_they_are_and_2_2_is_linear() -> None:
    pixels = some()
    assert LightMap(range(40), **RAW).bytes_of(pixels) == pixels.tobytes()
    bare = np.frombuffer(LightMap(range(40)).bytes_of(pixels), np.uint8).reshape(40, 3)
    assert np.abs(bare / 255 - (pixels / 255) ** 2.2).max() <= 0.5 / 255 + 1e-12


def test_white_is_what_the_three_share() -> None:
    pixels = np.array([[255, 255, 255], [128, 128, 128], [255, 0, 0], [200, 100, 150]], np.uint8)
    white, grey, red, mixed = np.frombuffer(LightMap(range(4), "RGBW").bytes_of(pixels), np.uint8).reshape(
        4, 4
    )
    assert list(white) == [0, 0, 0, 255]
    assert list(grey) == [0, 0, 0, round(255 * (128 / 255) ** 2.2)]
    assert list(red) == [255, 0, 0, 0]
    light = (np.array([200, 100, 150]) / 255) ** 2.2
    assert mixed[1] == 0
    assert mixed[3] == round(255 * light[1])
    together = mixed[:3].astype(int) + mixed[3]
    assert np.abs(together - 255 * light).max() <= 1


def test_a_dark_frame_is_dark_on_every_wire() -> None:
    for order in ORDERS:
        for gamma in (0.5, 1.0, 2.2, 4.0):
            made = LightMap(range(40), order, gamma)
            assert made.bytes_of(np.zeros((40, 3), np.uint8)) == made.dark == bytes(made.size)


LIGHT = '[[light]]\nname = "coat"\nhost = "10.0.0.9"\n'


def rig_of(words: str, more: str = "") -> Rig:
    return read_rig(LIGHT + words + more, "hall.toml")


@pytest.fixture(scope="module")
def jacket():
    show = load("bass-denim")
    return show.garment, sewn(show.garment)


def numbers_of(words: str, jacket) -> list[int]:
    return pixels_of(rig_of(words), 0, *jacket)[0].tolist()


def test_zones_and_strands_come_in_the_order_of_the_rig(jacket) -> None:
    garment, body = jacket
    zones = dict(zip(garment.zone_names, body.of_zone, strict=True))
    chest, hem = (zones[name].tolist() for name in ("chest", "hem"))
    assert numbers_of('zones = ["hem", "chest"]', jacket) == hem + chest
    assert numbers_of('zones = ["hem", "chest"]\nreverse = true', jacket) == (hem + chest)[::-1]
    assert numbers_of("", jacket) == list(range(body.n_pixels))
    first, *_, last = body.wires
    words = f'strands = ["{last}", "{first}"]'
    assert numbers_of(words, jacket) == [*body.wires[last], *body.wires[first]]
    role, members = next(iter(garment.roles.items()))
    assert numbers_of(f'zones = ["{role}"]', jacket) == [
        n for zone in ([role] if role in zones else members) for n in zones[zone].tolist()
    ]


def test_a_map_of_numbers_makes_a_matrix(jacket) -> None:
    _, body = jacket
    wire = next(iter(body.wires))
    given = body.wires[wire].tolist()
    assert len(given) >= 6
    words = f'strands = ["{wire}"]\n'
    assert numbers_of(words + "map = [0, 1, 2, 5, 4, 3]", jacket) == [*given[:3], *given[3:6][::-1]]
    assert numbers_of(words + "map = [0, -1, 0]", jacket) == [given[0], -1, given[0]]
    with pytest.raises(
        PatchError, match=r"hall.toml:5: map names pixel 9999, but there are only \d+, counted"
    ):
        numbers_of(words + "map = [0, 9999]", jacket)


def test_more_or_fewer_pixels_are_clipped_or_dark_and_said_once(
    jacket, caplog: pytest.LogCaptureFixture
) -> None:
    _, body = jacket
    wire = next(iter(body.wires))
    n = len(body.wires[wire])
    words = f'strands = ["{wire}"]\npixels = '
    assert numbers_of(words + str(n), jacket) == body.wires[wire].tolist()
    assert pixels_of(rig_of(words + str(n)), 0, *jacket)[1] == ""
    assert numbers_of(words + str(n - 2), jacket) == body.wires[wire].tolist()[:-2]
    assert numbers_of(words + str(n + 2), jacket) == [*body.wires[wire].tolist(), -1, -1]
    port = "port = 9\n"
    sender = sender_of(
        read_rig(LIGHT.replace("10.0.0.9", "127.0.0.1") + port + words + str(n + 2)), 0, *jacket
    )
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            sender.open(None)
            sender.close()
    said = [r.getMessage() for r in caplog.records if "stay dark" in r.getMessage()]
    assert said == [f"rig.toml:6: coat has {n + 2} pixels and is given {n}: the last 2 stay dark"]


def test_what_the_garment_lacks_is_said_with_line_and_nearest_name(jacket) -> None:
    with pytest.raises(
        PatchError, match=r"hall.toml:4: denim-jacket has no zone 'chst'; did you mean 'chest'"
    ):
        numbers_of('zones = ["chst"]', jacket)
    with pytest.raises(PatchError, match=r"hall.toml:5: denim-jacket has no strand 'nothing'"):
        numbers_of('delay = 0\nstrands = ["nothing"]', jacket)
    with pytest.raises(
        PatchError, match=r"hall.toml:5: 400 pixels take the universes 32766 to 32768, and the last"
    ):
        light_finding(rig_of('protocol = "artnet"\nuniverse = 32766\npixels = 400\n'), 0)


def test_budgets_are_pixels_of_the_garment_and_milliamperes(jacket) -> None:
    garment, body = jacket
    rig = rig_of('zones = ["hem"]\nmap = [1, 0, 0, -1]\nmost_ma = 900\n', LIGHT.replace("coat", "other"))
    ((pixels, most),) = light_budgets(rig, garment, body)
    hem = body.of_zone[garment.zone_names.index("hem")]
    assert pixels.tolist() == sorted([hem[1], hem[0], hem[0]])
    assert most == 900.0
    assert light_budgets(None, garment, body) == []


def test_a_pixel_that_is_shown_four_times_draws_four_times(jacket) -> None:
    """A supply bears what its lamps draw, not what the garment's pixels do; a take tells it on."""
    garment, body = jacket
    numbers = [k for k in range(60) for _ in range(1 + k % 4)]
    rig = rig_of(f"map = {numbers}\nmost_ma = 500\n")
    budgets = light_budgets(rig, garment, body)
    guard = CurrentGuard(garment, body, budgets)
    light, _, dimmed = guard.limit(np.ones((body.n_pixels, 3)), np.zeros(len(garment.zones)))
    lamps = pixels_of(rig, 0, garment, body)[0]
    ma, idle = pixel_ma(garment, body)
    drawn = float((light[lamps].sum(axis=1) * ma[lamps]).sum() + idle[lamps].sum())
    assert dimmed
    assert 400 < drawn <= 500
    (again,) = budgets_of(told(budgets), body.n_pixels, "facts.json")
    assert again[0].tolist() == budgets[0][0].tolist()
    assert again[1] == 500.0


def test_a_finding_says_what_a_target_would_get(jacket) -> None:
    _, body = jacket
    words = 'protocol = "sacn"\npixels = 400\norder = "GRBW"\n'
    assert light_finding(rig_of(words), 0) == (
        "400 pixels in GRBW, universes 1 to 4, 5 datagrams a frame, 40 frames a second"
    )
    n = body.n_pixels
    assert light_finding(rig_of("cap = 25"), 0, *jacket).startswith(
        f"{n} pixels in RGB, {-(-n // 480)} datagram"
    )
    assert light_finding(rig_of("cap = 25"), 0) == (
        "as many pixels as the garment of a show has there, 25 frames a second"
    )
    assert light_finding(rig_of('protocol = "wled"'), 0) == "what is heard, no pixels, 50 frames a second"


def test_the_stage_of_the_gallery_fits_the_jacket(jacket) -> None:
    from wearsound import gallery
    from wearsound.show.rig import load_rig

    rig = load_rig(Path(gallery.find("rig", "stage")))
    assert [light_finding(rig, i, *jacket) for i in range(len(rig.light))]


def test_the_rigs_of_the_page_are_rigs_and_fit_the_jacket(jacket) -> None:
    page = (Path(__file__).parent.parent / "docs" / "light.md").read_text(encoding="utf-8")
    found = page.split("```toml\n")[1:]
    assert len(found) == 2
    for text in found:
        rig = read_rig(text.split("```")[0], "page.toml")
        for number in range(len(rig.light)):
            assert light_finding(rig, number, *jacket)
