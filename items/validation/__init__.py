"""What a dataset demands of its items (schemas), which of them are equal (duplicates), and what is in them (stats)."""
