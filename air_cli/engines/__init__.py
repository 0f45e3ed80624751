"""Ways to run many items: local processes, ray."""
