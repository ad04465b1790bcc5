"""Sound on its way out to loudspeakers: live only, after files have taken it.

`feed` makes of what a garment plays what one speaker gets: stereo, or mono within a small speaker's band; `late` holds
it back; `device` puts the feeds of one sound device onto its channels.
"""
