"""What the widget asks for, the streams of both sides, and the page where it can be tried."""
