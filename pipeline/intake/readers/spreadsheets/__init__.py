"""From the bytes of a spreadsheet to rows of texts: what may be opened, and what stands in which cell."""
