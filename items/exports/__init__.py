"""Writes a dataset, as it was at one revision, as a file: batches.py reads it, lines.py and parquet.py give it a form,
and exports.py names the forms."""
