"""The command line: one file per command, each of them parse → flow → render → exit code."""
