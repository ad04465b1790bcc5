"""What a contact microphone sewn into clothes hears of a body: steps, taps, rubbing, stillness."""
