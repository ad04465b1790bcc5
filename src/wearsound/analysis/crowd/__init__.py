"""What a microphone before an audience hears: swell, applause, cheers, hands that clap along; and our own sound in it."""
