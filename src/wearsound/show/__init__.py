"""The one place that knows all rooms: what a person names becomes something that plays."""
