"""What is published goes out: to whom, and in what."""
