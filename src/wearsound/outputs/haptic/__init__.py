"""What a garment felt in a whole song, as files that telephones and controllers play."""
