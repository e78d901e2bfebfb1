"""From a table to checked rows."""
