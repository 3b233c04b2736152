"""The command line: each command parses, calls one service, shows, and sets the exit code."""
