"""What is given back to be mended, and how it is known again."""
