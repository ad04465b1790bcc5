"""What each key of each file takes, written down by hand from docs/: not from the parsers, which it is to catch.

A line: the dotted key, what it takes, marks. `!`: it must be there. `~`: any value that it takes is good, whatever the
other keys say. Words: `text MOST`, `name`, `word` (of small letters), `choice A|B`, `whole LOW HIGH`, `number LOW HIGH`
(`>LOW`: above it), `numbers LOW HIGH COUNT`, `flag`, `tables MOST`, `free` (keys of a person's own), `other`.
"""

from __future__ import annotations

_ROUTE = """
route.from other !
route.to other !
route.in numbers -1e9 1e9 2
route.out numbers -1e9 1e9 2
route.map choice even|log|octave
route.curve number >0 16 ~
route.attack number 0 3600 ~
route.release number 0 3600 ~
route.mode choice follow|trigger|toggle|hold
route.from.band numbers 20 20000 2
"""

_UNITS = "level sense memory bright density size damp wet age"

PATCH = (
    """
title text 200 ! ~
about text 200 ~
seed whole 0 9007199254740992 ~
garment name
sketch name
lane word
palette other
go_guard number 0 5 ~
route tables 500
feel tables 32
voice tables 8
scene tables 64
cue tables 200
feel.from other !
feel.from.band numbers 20 20000 2
feel.to other !
feel.name word
feel.part choice both|hum|click ~
feel.carrier other
feel.pattern other
feel.over choice beat|bar ~
feel.strength number 0 1 ~
soundscape.root number 41 82 ~
soundscape.key choice own|room ~
voice.play choice drones|bowed|struck|grains|coat !
voice.name word
voice.from word
voice.octave whole -1 2 ~
voice.level number 0 1 ~
scene.route tables 500
scene.name name !
scene.fade number 0 3600 ~
scene.quantise choice now|beat|bar ~
cue.name name !
cue.scene name !
cue.fade number 0 3600 ~
cue.quantise choice now|beat|bar ~
cue.after number 0 3600 ~
cue.note text 200 ~
"""
    + _ROUTE
    + _ROUTE.replace("route.", "scene.route.")
    + "".join(f"soundscape.{name} number 0 1 ~\n" for name in _UNITS.split())
)

GARMENT = """
title text 200 ! ~
about text 200 ~
ambient number -20 35 ~
zone tables 28
figure tables 3
strand tables 64
actuator tables 64
sensor tables 32
zone.name word !
zone.light other !
zone.roles other
zone.fabric choice plain|electrochromic|thermochromic|screen
zone.lamp choice filament|led
zone.area number 0.01 1000
zone.cloth other
zone.dye other
zone.times numbers 0.5 600 2 ~
strand.name word !
strand.filaments other !
strand.ma number 0 1000 ~
strand.idle_ma number 0 100 ~
actuator.name word !
actuator.zone word !
actuator.kind choice erm|lra|voice-coil|piezo|phone
actuator.at numbers -250 250 2
actuator.view choice front|back
actuator.hz number 0 500
actuator.rise number 0 1
actuator.g number 0 20 ~
actuator.ma number 0 5000 ~
actuator.least number 0 0.9 ~
sensor.name word !
sensor.zone word !
sensor.kind choice contact|motion|stretch|pressure|touch
sensor.lane word
sensor.at numbers -250 250 2
battery.mah number 1 1000000 ~
battery.volts number 1 60
battery.most_ma number 1 1000000
battery.idle_ma number 0 10000
figure.name word !
figure.at numbers 0 1280 2 !
figure.scale number 1 30
figure.floor number 0 720
figure.key number 0 1 ~
figure.view choice front|back
figure.layer tables 40
figure.layer.name word !
figure.layer.outline other !
figure.layer.zone other
figure.layer.colour other
figure.layer.side choice whole|pair|one
figure.layer.on word
figure.layer.round number 0 1.2 ~
figure.layer.thick number 0 3 ~
figure.layer.lift number 0 12 ~
figure.layer.weave choice twill|plain|wool|none ~
figure.layer.wear number 0 1 ~
figure.layer.softness number 0 4 ~
figure.layer.button number 0.2 4
figure.layer.button_colour other
figure.layer.thread other
figure.layer.insets.zone word !
figure.layer.insets.outline other !
figure.layer.insets.rough number 0 10
figure.layer.seams.path other !
figure.layer.seams.pucker number 0 3 ~
figure.layer.seams.groove number 0 3 ~
figure.layer.folds.path other !
figure.layer.folds.width number 0.02 30
figure.layer.folds.depth number -3 3
figure.layer.fans.at numbers -250 250 2 !
figure.layer.fans.angles numbers -360 360 2 !
figure.layer.fans.count whole 1 16
figure.layer.fans.length number 0.02 30
figure.layer.fans.width number 0.02 30
figure.layer.fans.depth number -3 3
figure.layer.filaments.path other !
figure.layer.filaments.band choice low|mid|high
figure.layer.filaments.zone other
figure.layer.filaments.name word
figure.layer.filaments.pixels whole 1 4096
figure.layer.filaments.width number 0.05 1 ~
figure.layer.hang.top number -250 250 !
figure.layer.hang.bottom number -250 250 !
figure.layer.hang.swing number 0 4
figure.layer.hang.flare number 0 0.2
figure.layer.hang.middle number -250 250
"""

RIG = """
title text 200 ~
about text 200 ~
input device
output device
link flag ~
hears other
lanes free
remote free
calibration free
osc tables 32
bind tables 500
sensor tables 16
light tables 64
vibration tables 16
speaker tables 16
osc.name name !
osc.port whole 1 65535 ! ~
osc.host host
osc.delay number 0 10 ~
osc.rate whole 1 1000 ~
osc.bundle flag ~
door.port whole 0 65535
door.host host
door.allow other
door.reply whole 1 65535
door.query whole 0 65535 ~
bind.from other !
bind.to other !
bind.arg whole 0 63 ~
bind.in numbers -1e9 1e9 2
sensor.lane word !
sensor.preset other !
sensor.id other
midi.input device
midi.clock flag ~
light.name name !
light.host host
light.protocol choice ddp|artnet|sacn|wled
light.port whole 1 65535 ~
light.pixels whole 1 65536
light.zones other
light.strands other
light.reverse flag
light.map other
light.order other
light.gamma number 1 2.8
light.universe whole 0 63999
light.priority whole 0 200
light.sync flag
light.via host
light.delay number 0 10
light.cap whole 1 60
light.most_ma whole 1 1000000
vibration.name name !
vibration.channels free !
vibration.device device
vibration.host host
vibration.port whole 1 65535
vibration.protocol choice udp|osc
vibration.values choice signed|unsigned
vibration.cap whole 50 200 ~
vibration.delay number 0 10 ~
vibration.limit number 0 1 ~
speaker.name name !
speaker.device device
speaker.channels numbers 1 64 2
speaker.feed choice stereo|mono
speaker.band numbers 20 20000 2
speaker.level number 0 1 ~
speaker.delay number 0 10 ~
"""
