"""The vocabulary that everybody speaks. Standard library only, no sockets, no clock, no printing."""
