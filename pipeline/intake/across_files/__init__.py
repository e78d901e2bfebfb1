"""What rows say of each other, within one delivery and between them."""
