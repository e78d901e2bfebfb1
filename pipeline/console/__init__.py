"""The process and its terminal: its streams, the signals that end it, and the progress bar."""
