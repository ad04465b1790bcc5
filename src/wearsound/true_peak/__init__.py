"""The peak of a wave between its samples, and a limiter that holds it.

For all that is played, and for what one speaker's filter makes of it.
"""
