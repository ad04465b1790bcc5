"""Where actuators sit, and the walk over them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wearsound import chance
from wearsound.gallery import files, find
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.shape import seen
from wearsound.garment.sites import round_walk, sites

JACKET = find("garment", "denim-jacket")


def with_actuators(folder: Path, *lines: str) -> Garment:
    """The jacket with these actuators only."""
    text = JACKET.read_text(encoding="utf-8")
    kept = "\n".join(part for part in text.split("\n\n") if "[[actuator]]" not in part)
    path = folder / "jacket.toml"
    path.write_text(kept + "".join(f"\n[[actuator]]\n{line}\n" for line in lines), encoding="utf-8")
    return load_garment(path)


@pytest.mark.parametrize("name", sorted(files("garment")))
def test_every_garment_of_the_gallery(name: str) -> None:
    garment = load_garment(find("garment", name))
    found, n = sites(garment), len(garment.actuators)
    assert sorted(found.walk.tolist()) == list(range(n))
    assert (found.up >= 0).all()
    assert (found.up <= 1).all()
    assert (np.abs(found.across) <= 1).all()
    assert (found.around >= 0).all()
    assert (found.around < 1).all()
    assert sum(len(of) for of in found.of_zone) == n
    for i, actuator in enumerate(garment.actuators):
        assert garment.zone_names[found.zone[i]] == actuator.zone


def test_left_is_the_wearers_on_the_front_and_on_the_back(tmp_path: Path) -> None:
    garment = with_actuators(
        tmp_path,
        'name = "a"\nzone = "chest"\nat = [9, 27]',
        'name = "b"\nzone = "back"\nat = [-9, 27]',
        'name = "c"\nzone = "back"\nat = [9, 27]',
    )
    found = sites(garment)
    assert found.figure.tolist() == [0, 1, 1]
    assert found.across.tolist() == [-1, -1, 1]
    assert found.around.tolist() == [0, 0, 0.5]
    assert found.up.tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("zone", ["chest", "back", "collar", "cuff_l", "waist", "yoke"])
def test_without_at_it_sits_in_the_middle_of_its_zone(tmp_path: Path, zone: str) -> None:
    garment = with_actuators(tmp_path, f'name = "a"\nzone = "{zone}"')
    found = sites(garment)
    cells, low, step = seen(garment.figures[found.figure[0]], garment.zone_names)
    column, row = np.floor((found.at[0] - low) / step).astype(int)
    around = cells[row - 1 : row + 2, column - 1 : column + 2]
    assert garment.zone_names.index(zone) in around
    assert garment.figures[found.figure[0]].view == ("back" if zone == "back" else "front")


def test_of_a_zone_on_both_sides_it_is_one_side(tmp_path: Path) -> None:
    garment = with_actuators(tmp_path, 'name = "a"\nzone = "waist"')
    assert sites(garment).at[0] == pytest.approx((18.4, 32.9), abs=1.0)


def test_none_at_all(tmp_path: Path) -> None:
    found = sites(with_actuators(tmp_path))
    assert found.at.shape == (0, 2)
    assert not len(found.walk)


class TestWalk:
    def test_a_ladder_goes_up_on_the_left_and_down_on_the_right(self) -> None:
        left = [(-10.0, y, 0.0) for y in (60, 40, 20, 0)]
        right = [(10.0, y, 0.0) for y in (20, 40, 60, 0)]
        assert round_walk(np.array(left + right)).tolist() == [0, 1, 2, 3, 5, 6, 7, 4]

    @pytest.mark.parametrize("seed", range(6))
    def test_it_never_crosses_itself(self, seed: int) -> None:
        body = chance.uniforms(seed, "walk", 60).reshape(20, 3) * 60
        body[:, 2] = 0
        way = body[np.argsort(round_walk(body)), :2]
        nexts = np.roll(way, -1, axis=0)

        def turns(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> bool:
            return bool((b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0]))

        for i in range(20):
            for j in range(i + 2, 20):
                if (j + 1) % 20 == i:
                    continue
                a, b, c, d = way[i], nexts[i], way[j], nexts[j]
                assert not (turns(a, c, d) != turns(b, c, d) and turns(a, b, c) != turns(a, b, d))

    def test_it_begins_at_the_lowest(self) -> None:
        body = chance.uniforms(1, "walk", 30).reshape(10, 3)
        assert round_walk(body)[body[:, 1].argmax()] == 0

    @pytest.mark.parametrize("n", [0, 1, 2, 3])
    def test_few(self, n: int) -> None:
        assert sorted(round_walk(np.eye(3)[:n].reshape(n, 3)).tolist()) == list(range(n))

    def test_all_in_one_place(self) -> None:
        assert sorted(round_walk(np.zeros((5, 3))).tolist()) == list(range(5))
