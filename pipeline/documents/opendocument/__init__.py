"""Spreadsheets in OpenDocument, from the same descriptions as the workbooks."""
