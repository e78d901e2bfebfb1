"""The subject: amounts, choices, tariffs and the rules; pure, without files."""
