"""Bulk writes of items: one transaction, one revision per dataset, and a constant number of statements."""
