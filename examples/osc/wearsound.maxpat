{
  "patcher": {
    "fileversion": 1,
    "appversion": { "major": 8, "minor": 0, "revision": 0, "architecture": "x64", "modernui": 1 },
    "rect": [80, 80, 760, 420],
    "boxes": [
      { "box": { "id": "about", "maxclass": "comment", "text": "wearsound hears at 9000 and answers to 9001; [[osc]] in the rig sends to 9100", "patching_rect": [20, 15, 560, 20] } },
      { "box": { "id": "stream", "maxclass": "newobj", "text": "udpreceive 9100", "numinlets": 1, "numoutlets": 1, "outlettype": [""], "patching_rect": [20, 60, 110, 22] } },
      { "box": { "id": "parts", "maxclass": "newobj", "text": "route /wear/audio/room/bass /wear/beat", "numinlets": 3, "numoutlets": 3, "outlettype": ["", "", ""], "patching_rect": [20, 100, 240, 22] } },
      { "box": { "id": "bass", "maxclass": "flonum", "numinlets": 1, "numoutlets": 2, "outlettype": ["", "bang"], "patching_rect": [20, 140, 60, 22] } },
      { "box": { "id": "beat", "maxclass": "newobj", "text": "print beat", "numinlets": 1, "numoutlets": 0, "patching_rect": [110, 140, 70, 22] } },
      { "box": { "id": "minute", "maxclass": "newobj", "text": "metro 30000 @active 1", "numinlets": 2, "numoutlets": 1, "outlettype": ["bang"], "patching_rect": [300, 60, 140, 22] } },
      { "box": { "id": "subscribe", "maxclass": "message", "text": "/wear/subscribe 9001", "numinlets": 2, "numoutlets": 1, "outlettype": [""], "patching_rect": [300, 100, 140, 22] } },
      { "box": { "id": "fader", "maxclass": "flonum", "numinlets": 1, "numoutlets": 2, "outlettype": ["", "bang"], "patching_rect": [300, 150, 60, 22] } },
      { "box": { "id": "master", "maxclass": "message", "text": "/wear/master $1", "numinlets": 2, "numoutlets": 1, "outlettype": [""], "patching_rect": [300, 190, 110, 22] } },
      { "box": { "id": "rest", "maxclass": "message", "text": "/wear/scene/rest", "numinlets": 2, "numoutlets": 1, "outlettype": [""], "patching_rect": [430, 190, 110, 22] } },
      { "box": { "id": "ask", "maxclass": "message", "text": "/wear/tempo/bpm", "numinlets": 2, "numoutlets": 1, "outlettype": [""], "patching_rect": [560, 190, 110, 22] } },
      { "box": { "id": "send", "maxclass": "newobj", "text": "udpsend 127.0.0.1 9000", "numinlets": 1, "numoutlets": 0, "patching_rect": [300, 240, 150, 22] } },
      { "box": { "id": "answers", "maxclass": "newobj", "text": "udpreceive 9001", "numinlets": 1, "numoutlets": 1, "outlettype": [""], "patching_rect": [300, 290, 110, 22] } },
      { "box": { "id": "which", "maxclass": "newobj", "text": "route /wear/tempo/bpm /wear/master", "numinlets": 3, "numoutlets": 3, "outlettype": ["", "", ""], "patching_rect": [300, 325, 220, 22] } },
      { "box": { "id": "bpm", "maxclass": "flonum", "numinlets": 1, "numoutlets": 2, "outlettype": ["", "bang"], "patching_rect": [300, 370, 60, 22] } },
      { "box": { "id": "silently", "maxclass": "newobj", "text": "prepend set", "numinlets": 1, "numoutlets": 1, "outlettype": [""], "patching_rect": [400, 370, 80, 22] } }
    ],
    "lines": [
      { "patchline": { "source": ["stream", 0], "destination": ["parts", 0] } },
      { "patchline": { "source": ["parts", 0], "destination": ["bass", 0] } },
      { "patchline": { "source": ["parts", 1], "destination": ["beat", 0] } },
      { "patchline": { "source": ["minute", 0], "destination": ["subscribe", 0] } },
      { "patchline": { "source": ["subscribe", 0], "destination": ["send", 0] } },
      { "patchline": { "source": ["fader", 0], "destination": ["master", 0] } },
      { "patchline": { "source": ["master", 0], "destination": ["send", 0] } },
      { "patchline": { "source": ["rest", 0], "destination": ["send", 0] } },
      { "patchline": { "source": ["ask", 0], "destination": ["send", 0] } },
      { "patchline": { "source": ["answers", 0], "destination": ["which", 0] } },
      { "patchline": { "source": ["which", 0], "destination": ["bpm", 0] } },
      { "patchline": { "source": ["which", 1], "destination": ["silently", 0] } },
      { "patchline": { "source": ["silently", 0], "destination": ["fader", 0] } }
    ]
  }
}
