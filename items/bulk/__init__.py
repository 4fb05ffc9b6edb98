"""Writes of many items at once: however many there are, one transaction, one revision in each dataset that they touch,
and the same number of statements."""
