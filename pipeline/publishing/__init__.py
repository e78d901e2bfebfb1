"""The folder `outputs/`, and who does the work."""
