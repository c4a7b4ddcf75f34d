"""Real servers for tests, each private, on loopback, in a folder of its own."""
