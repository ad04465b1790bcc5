"""Long nights without a room: a show with virtual devices is watched for hours, and broken in two hundred ways."""
