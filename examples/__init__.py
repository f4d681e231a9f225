"""Published purchase logs, run through the warehouse."""
