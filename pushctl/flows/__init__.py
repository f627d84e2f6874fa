"""Use cases. What happens between a command line and a screen, with neither of them."""
