"""What is measured in a recording, by numbers alone; nothing is guessed about feelings."""
