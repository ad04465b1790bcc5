"""What a microphone before an audience hears: swell, applause, cheers, hands that clap along; our own sound."""
