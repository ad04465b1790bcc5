"""What the pages of docs/osc tell people to type is read by the programs that they are told to type it into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from interop import Peer, free_ports, need, pd, sclang, wait_until

DOCS = Path(__file__).resolve().parent.parent / "docs" / "osc"
PAGES = sorted(DOCS.glob("*.md"))
TYPED = [*PAGES, DOCS.parent / "osc.md"]
"""Pages with what is typed into Pure Data and SuperCollider."""


def snippets(page: Path, language: str, with_: str = "") -> list[str]:
    """What stands in a page between fences of one language and holds `with_`."""
    text = page.read_text(encoding="utf-8")
    return [s for s in re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S) if with_ in s]


def is_patch(snippet: str) -> bool:
    return "[[route]]" in snippet


def of_all(language: str, with_: str = "", pages: list[Path] = PAGES) -> list[object]:
    return [
        pytest.param(page, snippet, id=f"{page.stem}-{i}")
        for page in pages
        for i, snippet in enumerate(snippets(page, language, with_))
    ]


@pytest.mark.parametrize(("page", "snippet"), of_all("toml"))
def test_toml_is_a_rig_or_a_patch(page: Path, snippet: str, tmp_path: Path) -> None:
    from wearsound.mapping.document import read_patch
    from wearsound.show.rig import load_rig

    if is_patch(snippet):
        assert read_patch(snippet, page).routes
    else:
        path = tmp_path / "room.toml"
        path.write_text(snippet, encoding="utf-8")
        rig = load_rig(path)
        assert rig.osc or rig.bind or rig.remote or rig.door.query or rig.door.allow


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_pages_rigs_and_patches_play_together(page: Path, tmp_path: Path) -> None:
    """Every feature and zone that is routed is there, and every bind leads to an address that is there."""
    from wearsound.show.load import load
    from wearsound.show.tree import tree_of
    from wearsound.sources.osc_in.bind import binds_of

    rigs = [s for s in snippets(page, "toml") if not is_patch(s)]
    patches = [s for s in snippets(page, "toml") if is_patch(s)]
    room, patch = tmp_path / "room.toml", tmp_path / "patch.toml"
    for rig in rigs:
        room.write_text(rig, encoding="utf-8")
        show = load("bass-denim", rig=room)
        assert show.rig is not None
        assert binds_of(show.rig.bind, tree_of(show)).missing == []
    room.write_text(next((rig for rig in rigs if "[remote]" in rig), 'title = "Any"\n'), encoding="utf-8")
    for text in patches:
        patch.write_text(text, encoding="utf-8")
        assert len(tree_of(load(patch, rig=room))) > 50


def test_every_program_has_a_page_and_every_page_is_in_the_table() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")
    wanted = ["abletonosc", "chataigne", "max", "puredata", "qlab", "resolume"]
    wanted += ["sonicpi", "supercollider", "touchosc", "wekinator"]
    assert [page.stem for page in PAGES if page.stem != "README"] == wanted
    for stem in wanted:
        assert f"]({stem}.md)" in table


def with_door(rig: str, port: int) -> str:
    """A page's rig whose door stands at another port."""
    if "[door]" not in rig:
        return f"{rig}\n[door]\nport = {port}\n"
    return re.sub(r"\[door\]\n(port *= *\d+\n)?", f"[door]\nport = {port}\n", rig)


class TestBinds:
    """What each program sends by itself does what its page promises: through the door that the rig opens."""

    @pytest.mark.parametrize(
        ("page", "sent", "told"),
        [
            ("abletonosc", ("/live/song/get/tempo", 97.0), ("/wear/tempo/bpm", 97.0)),
            ("resolume", ("/composition/video/opacity", 0.5), ("/wear/master", 0.5)),
            ("resolume", ("/composition/columns/1/connect", 1), ("/wear/scene", "rest")),
            ("touchosc", ("/1/fader1", 0.5), ("/wear/master", 0.5)),
            ("touchosc", ("/1/push1", 1.0), ("/wear/scene", "rest")),
            ("touchosc", ("/accxyz", -0.5, 0.0, 0.75), ("/wear/move/phone/z", 0.75)),
            ("wekinator", ("/wek/outputs", 0.25, 0.5, 1.0), ("/wear/move/wek/sharp", 0.5)),
            ("wekinator", ("/wear/move/wek", 0.25, 0.5, 1.0), ("/wear/move/wek/wide", 1.0)),
            ("chataigne", ("/wear/blackout", True), ("/wear/blackout", 1)),
            ("qlab", ("/wear/scene/rest",), ("/wear/scene", "rest")),
        ],
    )
    def test_it_moves_what_the_page_says(
        self, page: str, sent: tuple[str, float], told: tuple[str, float], tmp_path: Path
    ) -> None:
        from wearsound.show.build import build
        from wearsound.show.doors import Doors
        from wearsound.show.load import load
        from wearsound.show.tree import tree
        from wearsound.sources.blocks import lanes_of
        from wearsound.sources.signal import test_signal as signal_of

        door, query = free_ports(2)
        own = "[[bind]]" if page in ("abletonosc", "resolume", "touchosc", "wekinator") else ""
        rig = next(s for s in snippets(DOCS / f"{page}.md", "toml", own) if not is_patch(s))
        room = tmp_path / "room.toml"
        room.write_text(with_door(rig, door).replace("9010", str(query)), encoding="utf-8")
        show = load("bass-denim", rig=room)
        built = build(show, lanes_of(2), 48_000, strict=True)
        parameters, inbox = tree(built), built.engine.inbox
        inbox.values = parameters.values
        asked = parameters.get(told[0])
        assert asked is not None
        assert asked.read is not None
        assert asked.read() != pytest.approx(told[1])
        with Doors(show, parameters, inbox.put, str) as doors, Peer(door) as program:
            assert doors.osc is not None
            counts = doors.osc.counts
            program.send("/wear/tempo/lock", 1)
            program.send(*sent)
            wait_until(lambda: counts.served + sum(counts.refused.values()) == 2)
        built.engine.run(
            signal_of("test:kick=120,seconds=4")
        )  # takes what is in the inbox; a scene waits for its bar
        assert asked.read() == pytest.approx(told[1])


@pytest.mark.device
@pytest.mark.parametrize(("page", "snippet"), of_all("text", "#N canvas", TYPED))
def test_pure_data_opens_the_patches(page: Path, snippet: str, tmp_path: Path) -> None:
    need("pd")
    taken = sorted(set(re.findall(r"netreceive -u -b (\d+)", snippet)))
    for port, other in zip(taken, free_ports(len(taken)), strict=True):
        snippet = snippet.replace(f"-b {port};", f"-b {other};")
    patch, awake = tmp_path / "page.pd", tmp_path / "awake.pd"
    patch.write_text(snippet, encoding="utf-8")
    awake.write_text(
        "#N canvas 0 0 9 9 12;\n#X obj 1 1 loadbang;\n#X obj 1 40 print awake;\n#X connect 0 0 1 0;\n"
    )
    with pd(patch, awake) as pure:
        pure.wait_for("^awake: bang")
        assert not pure.heard("error|couldn't|no such|bad")


def relay(page: str, tmp_path: Path, there: int) -> tuple[Path, Peer, int]:
    """A page's Pd patch between a socket that plays wearsound and one that plays the program at `there`."""
    here, other = free_ports(2)
    (snippet,) = snippets(DOCS / f"{page}.md", "text", "#N canvas")
    patch = tmp_path / "relay.pd"
    patch.write_text(
        snippet.replace("-b 9100;", f"-b {here};").replace(f"127.0.0.1 {there};", f"127.0.0.1 {other};")
    )
    return patch, Peer(here, other), here


@pytest.mark.device
class TestRelays:
    """Where a program wants what wearsound does not send, Pure Data stands in between."""

    def test_to_live(self, tmp_path: Path) -> None:
        need("pd")
        from wearsound.osc.bundle import Bundles

        patch, live, _ = relay("abletonosc", tmp_path, 11000)
        messages = [("/wear/audio/room/level", (-20.0,)), ("/wear/audio/room/bass", (0.5,))]
        (bundle,) = Bundles().of(messages)
        with live, pd(patch):
            while not live.messages:
                live.send_bytes(bundle)
                live.listen(0.1)
            assert set(live.messages) == {("/live/track/set/volume", (0, 0.5))}
            assert type(live.messages[0][1][0]) is int

    def test_to_wekinator(self, tmp_path: Path) -> None:
        need("pd")
        patch, wekinator, _ = relay("wekinator", tmp_path, 6448)
        with wekinator, pd(patch):
            expected = ("/wek/inputs", (0.5, 0.25, 0.125))
            for _ in range(100):
                for name, value in (("bass", 0.5), ("mid", 0.25), ("high", 0.125)):
                    wekinator.send(f"/wear/audio/room/{name}", value)
                wekinator.listen(0.1)
                if expected in wekinator.messages:
                    break
            assert wekinator.messages[-1] == expected
            assert {address for address, _ in wekinator.messages} == {"/wek/inputs"}
            assert 10 < len(wekinator.listen(1.0)) < 60  # 30 a second by Pd's clock, though nothing came in


@pytest.mark.device
def test_supercollider_compiles_the_snippets(tmp_path: Path) -> None:
    need("sclang")
    found = [s for page in TYPED for s in snippets(page, "supercollider")]
    assert len(found) >= 3
    names = []
    for i, snippet in enumerate([*found, "this is ( no code"]):
        names.append(tmp_path / f"{i}.scd")
        names[i].write_text(snippet, encoding="utf-8")
    lines = [
        f'("compiles" + {i} + thisProcess.interpreter.compileFile("{p}").notNil).postln;'
        for i, p in enumerate(names)
    ]
    script = tmp_path / "all.scd"
    script.write_text("\n".join([*lines, "0.exit;"]), encoding="utf-8")
    (port,) = free_ports(1)
    with sclang(script, port) as language:
        language.wait(30)
        for i in range(len(found)):
            assert language.heard(f"^compiles {i} true"), "\n".join(language.lines)
        assert language.heard(f"^compiles {len(found)} false")  # it would have told
