"""Everything by which a live show can be told something.

OSC comes from this machine alone unless the rig opens the door to others; OSCQuery, MIDI and Link are there where
the rig asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from wearsound import __version__
from wearsound.core import Event
from wearsound.errors import DeviceError
from wearsound.osc.tree import Tree
from wearsound.show.rig import Door as Written

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.sources.osc_in.door import Door

Say = Callable[[str], None]


class Doors:
    """`with Doors(...) as doors`: all of them open, and all shut at the end, whatever happens. [main thread]

    Without a rig OSC comes in at 9000 from this machine alone; `port` asks for another (0: none). A port
    that is taken ends nothing, unless `require_osc`: then a DeviceError. MIDI and Link that a rig asks for
    must be there.
    """

    def __init__(
        self,
        show: Show,
        tree: Tree,
        put: Callable[[Event], bool],
        say: Say,
        port: int | None = None,
        require_osc: bool = False,
    ) -> None:
        rig = show.rig
        written = rig.door if rig else Written()
        self.osc: Door | None = None
        self._shut = ExitStack()
        self._show = show
        self._tree = tree
        self._put = put
        self._say = say
        self._written = written
        self._port = written.port if port is None else port
        self._require = require_osc

    def __enter__(self) -> Doors:
        try:
            self._open()
        except BaseException:
            self._shut.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._shut.close()

    def _open(self) -> None:
        rig, written = self._show.rig, self._written
        if self._port:
            from wearsound.sources.osc_in.door import Door

            door = Door(
                self._tree,
                self._put,
                host=written.host,
                port=self._port,
                allow=written.allow,
                reply_port=written.reply,
                binds=[bind for bind in (rig.bind if rig else []) if bind.source.startswith("/")],
                sensors=rig.sensors if rig else (),
                version=__version__,
            )
            self._shut.callback(door.close)
            door.open(quiet=self._require)
            if self._require and not door.listening:
                raise DeviceError(door.note.rpartition("; ")[0])
            if door.listening:
                self._say(door.note)
            self.osc = door
        if rig is None:
            return
        if written.query:
            self._answer_queries(written)
        if rig.midi is not None:
            from wearsound.sources.midi import Midi

            binds = [bind for bind in rig.bind if bind.source.startswith("midi ")]
            midi = Midi(rig.midi.input, binds, self._tree, self._put, rig.midi.clock)
            self._shut.callback(midi.close)
            midi.open()
            self._say(f"MIDI comes in from {midi.name}")
        if rig.link:
            from wearsound.sources.link import Link

            link = Link(self._put)
            self._shut.callback(link.close)
            link.open()
            self._say("Link: listens to the tempo of the session")

    def _answer_queries(self, written: Written) -> None:
        """OSCQuery, announced to the network where the door is open to it. A port that is taken ends nothing."""
        from wearsound.outputs.osc_discovery import Announcement
        from wearsound.outputs.osc_query import QueryServer

        title = self._show.patch.title
        port = self.osc.port if self.osc is not None else 0
        server = QueryServer(self._tree, title, written.host, written.query, port, written.allow)
        self._shut.callback(server.close)
        try:
            server.open()
        except DeviceError as error:
            if self._require:
                raise
            self._say(str(error))
            return
        self._say(f"OSCQuery answers at http://{written.host}:{written.query}/")
        announced = Announcement(title, written.host, written.query, port)
        self._shut.callback(announced.close)
        if announced.open():
            self._say(announced.note)
