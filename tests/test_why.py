"""Why is it moving, and why not: the answers for zones of a patch, checked against its file and what was heard."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import Clock, Frame, Health, Row
from wearsound.outputs.dress import Dress, Why
from wearsound.outputs.slot import Told
from wearsound.outputs.why import Answer, Past, answer, controls_of

FEATURES = ("room.bass", "room.mid", "room.kicks", "room.silence", "room.gate", "room.level")
CONTROLS = ("chest.glow", "chest.dye", "back.glow")
INDEX = {name: i for i, name in enumerate(FEATURES)}
COLUMNS = {name: i for i, name in enumerate(CONTROLS)}


def why(feature: str, line: str = "", **more: object) -> Why:
    return Why(control="chest.glow", feature=f"room.{feature}", line=line, where="x.toml:1", **more)  # type: ignore[arg-type]


def look(number: int, heard: dict[str, float], control: float, **more: object) -> Frame:
    features = np.array(
        [{"room.gate": 1.0, "room.level": -20.0, **heard}.get(name, 0.0) for name in FEATURES]
    )
    asked = {"lit": np.full((2, 3), round(255 * control ** (2 / 2.2)), np.uint8), **more}
    return Frame(
        tick=number * 3,
        number=number,
        time=number / 60,
        features=Row(INDEX, features),
        controls=Row(COLUMNS, np.array([control, 0.0, 0.0])),
        felt=np.zeros(2, np.float32),
        health=Health(),
        seed=0,
        **asked,  # type: ignore[arg-type]
    )


def ask(
    whys: tuple[Why, ...], frames: list[Frame], told: Told | None = None, scenes: tuple[str, ...] = ()
) -> Answer:
    dress = Dress(0, "x", FEATURES, CONTROLS, ("chest", "back"), 0, "", scenes=scenes, whys=whys)
    past = Past(len(FEATURES), len(CONTROLS), 2)
    for frame in frames:
        past.keep(frame)
    return answer("chest", "chest.glow", dress, frames[-1], told or Told(), past)


def swinging(**more: object) -> list[Frame]:
    level = [0.5 + 0.4 * np.sin(n / 5) for n in range(300)]
    return [look(n, {"room.bass": value, "room.mid": 0.1}, value, **more) for n, value in enumerate(level)]


def still(bass: float = 0.0, control: float = 0.0, n: int = 300, **heard: float) -> list[Frame]:
    told = {f"room.{name}": value for name, value in heard.items()}
    return [look(number, {"room.bass": bass, **told}, control) for number in range(n)]


BASS, MID = why("bass", low=0.1, high=0.9), why("mid", low=0.0, high=1.0)


def test_what_moves_has_no_reason_not_to_and_its_last_four_seconds() -> None:
    said = ask((BASS, MID), swinging())
    assert said.reason == ""
    assert said.lead is BASS
    assert [played.state for played in said.routes] == ["wins", "plays"]
    assert said.trace[0, 0] == pytest.approx(-4.0, abs=0.02)
    assert said.trace[-1, 0] == 0.0
    assert said.trace[-1, 1] == pytest.approx(said.value)
    assert said.heard[-1, 1] == pytest.approx((said.feature_value - 0.1) / 0.8)


def test_the_larger_wins_and_of_some_controls_the_later() -> None:
    frames = [look(n, {"room.bass": 0.3, "room.mid": 0.8}, 0.8) for n in range(60)]
    assert ask((BASS, MID), frames).lead is MID
    assert ask((BASS, replace(MID, out_high=0.1)), frames).lead is BASS
    late = (replace(MID, later=True), replace(BASS, later=True))
    assert ask(late, frames).lead is late[1]


def test_a_strike_is_remembered_as_long_as_it_falls() -> None:
    struck = replace(why("kicks", mode="trigger"), release=2.0)
    frames = [look(n, {"room.bass": 0.4, "room.kicks": float(n > 250)}, 0.5) for n in range(300)]
    assert ask((BASS, struck), frames).lead is struck
    assert ask((BASS, replace(struck, release=0.1)), frames).lead is BASS


@pytest.mark.parametrize(
    ("frames", "told", "said"),
    [
        (still(gate=0.0, level=-62.0), Told(), "the gate is closed: room is at -62 dB"),
        (still(silence=1.0, gate=0.0), Told(), "silence: nothing is heard in room"),
        (still(0.05), Told(), "bass is at 0.05 and moves it from 0.1 on"),
        (still(0.95, 1.0), Told(), "bass is at 0.95, past 0.9, where the route ends"),
        (still(0.5, 0.5), Told(), "bass stands still at 0.5"),
        (swinging(dark="blackout"), Told(), "blackout: everything is kept dark until R"),
        (swinging(dark="panic"), Told(), "panic: everything is kept dark until R"),
        (swinging(frozen=True), Told(), "frozen: light stands still until Space"),
        (swinging(), Told(held=np.array([1.0, 0, 0])), "held by hand: the patch plays it again once it is let go"),
        (swinging(), Told(master=0.0), "the master is down"),
        (
            [replace(f, lit=np.full((2, 3), 40, np.uint8)) for f in still(0.85, 0.95)],
            Told(),
            "a guard holds it back: ",
        ),
    ],
)  # fmt: skip
def test_what_does_not_move_says_why(frames: list[Frame], told: Told, said: str) -> None:
    assert ask((BASS,), frames, told).reason.startswith(said)


def test_a_route_of_another_scene_waits() -> None:
    here, there = replace(BASS, scene="dusk"), replace(MID, scene="dawn")
    frames = [replace(frame, scene="dawn") for frame in still()]
    said = ask((here,), frames, scenes=("dusk", "dawn"))
    assert said.reason == "its scene does not play: dusk; now it is dawn"
    assert [played.state for played in said.routes] == ["waits"]
    moving = [replace(frame, scene="dawn") for frame in swinging()]
    assert ask((here, there), moving, scenes=("dusk", "dawn")).lead is there


def test_a_zone_that_no_route_plays_says_so() -> None:
    said = ask((), still())
    assert (said.lead, said.reason) == (None, "no route of the patch goes to chest.glow")


def test_a_strike_that_never_came_names_its_threshold() -> None:
    strike = replace(BASS, mode="trigger", threshold=0.5)
    said = ask((strike,), still(0.2))
    assert said.reason == "bass has not come through 0.5 in the last four seconds"
    assert said.threshold == pytest.approx(0.5)
    assert ask((why("kicks", mode="trigger"),), still()).reason == "no kicks in the last four seconds"


def test_what_is_heard_again_from_the_start_forgets_what_was_after() -> None:
    past = Past(len(FEATURES), len(CONTROLS), 2)
    for frame in [*swinging(), look(0, {"room.bass": 0.25}, 0.25)]:
        past.keep(frame)
    assert past.of("features", 0).tolist() == [[0.0, 0.25]]


@dataclass
class Shown:
    """A show that has played for some seconds."""

    dress: Dress
    frames: list[Frame]
    text: list[str]
    past: Past

    def ask(self, zone: str, medium: str = "glow") -> Answer:
        return answer(zone, f"{zone}.{medium}", self.dress, self.frames[-1], Told(), self.past)


@pytest.fixture(scope="module")
def denim() -> Shown:
    from wearsound.show.build import build
    from wearsound.show.dress import dress_of
    from wearsound.show.load import load
    from wearsound.show.source import open_source
    from wearsound.show.tree import tree

    source = open_source("demo", rig=None, seconds=12.0)
    show = load("bass-denim")
    built = build(show, source.lanes, source.sample_rate, strict=True)
    frames: list[Frame] = []

    class Keep:
        name, rate = "keep", 60

        def open(self, clock: Clock) -> None: ...

        def send(self, frame: Frame) -> None:
            frames.append(frame)

        def close(self) -> None: ...

    built.engine.outputs.append(Keep())
    built.engine.run(source)
    dress = dress_of(show, built, tree(built))
    past = Past(len(dress.features), len(dress.controls), len(dress.zones))
    for frame in frames:
        past.keep(frame)
    return Shown(dress, frames, Path(show.patch_path).read_text().splitlines(), past)


def written(shown: Shown, where: str) -> dict[str, str]:
    """What a person wrote in the table at `file:line`, read with nothing of ours."""
    file, _, line = where.partition(":")
    assert file == "bass-denim.toml"
    at = int(line) - 1
    assert shown.text[at].startswith("[[")
    found = {}
    for row in shown.text[at + 1 :]:
        if row.startswith("["):
            break
        match = re.match(r"(\w+)\s*=\s*([^#]+)", row)
        if match:
            found[match[1]] = match[2].strip().strip('"')
    return found


@pytest.mark.parametrize(
    ("zone", "to", "heard"),
    [
        ("chest", "chest.glow", "bass"),
        ("back", "back.glow", "bass"),
        ("waist", "waist.glow", "lowmid"),
        ("sleeve_l", "sleeve.glow", "mid"),
        ("collar", "collar.glow", "high"),
    ],
)
def test_five_zones_name_the_line_of_the_patch_that_moves_them(
    denim: Shown, zone: str, to: str, heard: str
) -> None:
    said = denim.ask(zone)
    assert said.lead is not None
    table = written(denim, said.lead.where)
    assert (table["to"], table["from"]) == (to, heard)
    assert said.lead.feature == f"room.{heard}"
    assert [float(end) for end in table["in"].strip("[]").split(",")] == [said.lead.low, said.lead.high]
    assert said.lead.line.startswith(f"{heard} {said.lead.low:g}..{said.lead.high:g} moves {to}")
    assert said.reason == ""
    assert said.value == denim.frames[-1].controls[f"{zone}.glow"]
    waits = [played for played in said.routes if played.state == "waits"]
    assert all(played.why.scene not in ("", denim.frames[-1].scene) for played in waits)
    assert "rest" in {played.why.scene for played in waits}


def test_of_two_routes_to_a_cuff_the_one_whose_number_it_is_wins(denim: Shown) -> None:
    """Independent of what the card works out: the two routes' own numbers, played by the score itself."""
    said = denim.ask("cuff_l")
    assert said.lead is not None
    playing = [played for played in said.routes if played.state != "waits"]
    assert {written(denim, played.why.where)["from"] for played in playing} == {"mid", "high"}
    assert controls_of("cuff_l", denim.dress)[0] == "cuff_l.glow"
    assert said.lead.out_low <= said.value <= said.lead.out_high


def test_the_dye_of_a_zone_is_a_route_of_its_own(denim: Shown) -> None:
    said = denim.ask("chest", "dye")
    assert said.lead is not None
    assert written(denim, said.lead.where)["to"] == "core.dye"
