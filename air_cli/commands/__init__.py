"""One module a command of air."""
