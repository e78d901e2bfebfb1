"""From the text of one field to a value."""
