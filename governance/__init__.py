"""What may be done with data, and the proof of what was done."""
