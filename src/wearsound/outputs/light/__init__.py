"""Light over the network: DDP, Art-Net, sACN, and what is heard for WLED's own effects.

`ddp`, `artnet`, `sacn` and `wled_sync` make datagrams and know nothing else; `map` makes a target's bytes of a
frame's pixels; `wire` says which datagrams one frame is; `udp` sends them; `sender` is the output, and
`audio_sync` the one for WLED's effects.
"""
