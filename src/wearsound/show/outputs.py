"""What a live show sends to: its window, the rig's targets and loudspeakers; each may be later than the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from wearsound.core import LIGHT_RATE, Output, Parameter
from wearsound.outputs.delay import Delayed
from wearsound.outputs.osc import Osc, UdpSink
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE
from wearsound.outputs.speakers.device import DeviceSpeaker
from wearsound.outputs.window import Window
from wearsound.show.build import Built, osc_messages
from wearsound.show.dress import dress_of
from wearsound.show.light_targets import audio_sync_of, sender_of
from wearsound.show.speaker_targets import speakers_of
from wearsound.show.tree import tree
from wearsound.show.vibration_targets import VibrationDriver, drivers_of

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.show.rig import OscTarget


def open_window(
    show: Show,
    built: Built,
    size: tuple[int, int] = (1280, 720),
    display: int | str | None = None,
    fullscreen: bool = False,
    *,
    parameters: Iterable[Parameter] | None = None,
    device: str = "",
    set_list: Sequence[str] = (),
) -> Window:
    """The window of a show, not yet opened. Its keys come into the engine's inbox.

    `parameters` become its sliders; None: all that this show has without its outputs. `device` and `set_list` are told
    on its strip.
    """
    found = tree(built) if parameters is None else parameters
    window = Window(
        dress_of(show, built, found, device=device, set_list=set_list),
        size=size,
        fullscreen=fullscreen,
        display=display,
        on_event=built.engine.inbox.put,
    )
    sends = bool(show.rig and (show.rig.osc or show.rig.light or show.rig.vibration))
    window.lamps = (LAMP_ABSENT, LAMP_ALIVE if sends else LAMP_ABSENT)
    return window


def osc_outputs(show: Show, built: Built) -> list[Delayed]:
    """An output for each OSC target of the rig, not yet opened."""
    return [osc_output(show, built, target) for target in (show.rig.osc if show.rig else [])]


def osc_output(show: Show, built: Built, target: OscTarget) -> Delayed:
    """The output of one OSC target, not yet opened."""
    rate = min(LIGHT_RATE, target.rate)
    osc = Osc(
        osc_messages(built, show, health=True, rate=rate),
        [UdpSink(target.name, target.host, target.port, bundle=target.bundle)],
        name=f"OSC to {target.name}",
        rate=rate,
    )
    return Delayed(osc, target.delay, target.name, spare=True)


def light_outputs(show: Show, built: Built) -> list[Delayed]:
    """An output for each light target of the rig, not yet opened; PatchError for a zone that the garment lacks."""
    return [light_output(show, built, number) for number in range(len(show.rig.light) if show.rig else 0)]


def light_output(show: Show, built: Built, number: int) -> Delayed:
    """The output of light target `number`, not yet opened; PatchError for a zone that the garment lacks."""
    assert show.rig is not None
    target = show.rig.light[number]
    output: Output = (
        audio_sync_of(show.rig, number)
        if target.audio_sync
        else sender_of(show.rig, number, show.garment, built.body, show.name)
    )
    return Delayed(output, target.delay, target.name, spare=True)


def loudspeakers(show: Show) -> list[DeviceSpeaker]:
    """What the show's soundscape is played on, not yet opened; nothing where it has none."""
    return speakers_of(show.rig) if show.patch.soundscape is not None else []


def delayed_outputs(show: Show, built: Built) -> list[Delayed | VibrationDriver | DeviceSpeaker]:
    """Everything that a show of this rig may send to: what has a delay of its own."""
    delayed = [Delayed(open_window(show, built)), *osc_outputs(show, built), *light_outputs(show, built)]
    return [*delayed, *drivers_of(show.rig, show.garment), *loudspeakers(show)]
