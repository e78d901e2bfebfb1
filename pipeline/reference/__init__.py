"""What stands beside the deliveries: reference data, texts and templates, the user's own or those of the program."""
