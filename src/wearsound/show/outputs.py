"""What a live show sends to: its window, the rig's targets and loudspeakers; each may be later than the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wearsound.core import LIGHT_RATE, Output
from wearsound.garment.screen import screen_places
from wearsound.outputs.delay import Delayed
from wearsound.outputs.osc import Osc, UdpSink
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE
from wearsound.outputs.speakers.device import DeviceSpeaker
from wearsound.outputs.window import Window
from wearsound.show.build import Built, osc_messages
from wearsound.show.light_targets import audio_sync_of, sender_of
from wearsound.show.speaker_targets import speakers_of
from wearsound.show.vibration_targets import VibrationDriver, drivers_of

if TYPE_CHECKING:
    from wearsound.show.load import Show


def open_window(
    show: Show,
    built: Built,
    size: tuple[int, int] = (1280, 720),
    display: int = 0,
    fullscreen: bool = False,
) -> Window:
    """The window of a show, not yet opened. Its keys come into the engine's inbox."""
    window = Window(
        features=[spec.name for spec in built.ear.specs],
        controls=[spec.name for spec in built.score.specs],
        zones=show.garment.zone_names,
        pixels=built.body.n_pixels,
        garment_path=show.garment_path,
        sketch_path=show.sketch_path,
        size=size,
        seed=show.seed,
        fullscreen=fullscreen,
        display=display,
        scenes=[scene.name for scene in show.patch.scenes],
        palette=show.colours,
        title=show.patch.title,
        screen=screen_places(show.garment).tolist() if show.sketch_path is not None else (),
        most_ma=show.garment.battery.most_ma,
        actuators=[actuator.name for actuator in show.garment.actuators],
        on_event=built.engine.inbox.put,
    )
    sends = bool(show.rig and (show.rig.osc or show.rig.light or show.rig.vibration))
    window.lamps = (LAMP_ABSENT, LAMP_ALIVE if sends else LAMP_ABSENT)
    return window


def osc_outputs(show: Show, built: Built) -> list[Delayed]:
    """An output for each OSC target of the rig, not yet opened."""
    found = []
    for target in show.rig.osc if show.rig else []:
        rate = min(LIGHT_RATE, target.rate)
        osc = Osc(
            osc_messages(built, show, health=True, rate=rate),
            [UdpSink(target.name, target.host, target.port, bundle=target.bundle)],
            name=f"OSC to {target.name}",
            rate=rate,
        )
        found.append(Delayed(osc, target.delay, target.name, spare=True))
    return found


def light_outputs(show: Show, built: Built) -> list[Delayed]:
    """An output for each light target of the rig, not yet opened; PatchError for a zone that the garment lacks."""
    found = []
    for number, target in enumerate(show.rig.light if show.rig else []):
        assert show.rig is not None
        output: Output = (
            audio_sync_of(show.rig, number)
            if target.audio_sync
            else sender_of(show.rig, number, show.garment, built.body, show.name)
        )
        found.append(Delayed(output, target.delay, target.name, spare=True))
    return found


def loudspeakers(show: Show) -> list[DeviceSpeaker]:
    """What the show's soundscape is played on, not yet opened; nothing where it has none."""
    return speakers_of(show.rig) if show.patch.soundscape is not None else []


def delayed_outputs(show: Show, built: Built) -> list[Delayed | VibrationDriver | DeviceSpeaker]:
    """Everything that a show of this rig may send to: what has a delay of its own."""
    delayed = [Delayed(open_window(show, built)), *osc_outputs(show, built), *light_outputs(show, built)]
    return [*delayed, *drivers_of(show.rig, show.garment), *loudspeakers(show)]
