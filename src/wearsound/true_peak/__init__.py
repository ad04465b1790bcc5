"""The peak of a wave between its samples, and a limiter that holds it: for what is made safe, and for what one speaker's
filter makes of it."""
