"""What the keys of a show.toml and a take.toml take, as in `keys`."""

from __future__ import annotations

_PARTS = "".join(
    f"{kind}.file other !\n{kind}.sha256 other\n" for kind in ("patch", "garment", "palette", "sketch", "rig")
)

SHOW = (
    """
wearsound other !
seed whole -9223372036854775808 9223372036854775807 !
fps whole 1 60 ! ~
size numbers 90 3840 2 !
seconds number >0 999999.9 ! ~
start number 0 999999.9 ~
video flag ~
frames flag ~
changes flag ~
instead other
hears other
lanes free
remote free
calibration free
expect free
input.file other !
input.sha256 other
"""
    + _PARTS
)

TAKE = (
    """
format whole 1 1 !
wearsound text 200 ~
title text 200 ~
sample_rate whole 1000 768000 !
hop whole 256 256 !
hops whole 0 1099511627775
seconds number 0 999999999 ~
lost whole 0 1099511627775 ~
hole whole 0 1099511627775
left_out whole 0 1099511627775 ~
show whole 0 2147483647
begun other
seed whole -9223372036854775808 9223372036854775807 ~
hears other
silent other
lanes free !
remote free
calibration free
"""
    + _PARTS
)
