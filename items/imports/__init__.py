"""Whole files into a dataset.

In the order in which a file passes through: rest/uploads.py has the body as a file; decompression.py unpacks it;
file_kinds.py and kind_check.py tell what it is, or refuse it; jsonl_file.py, json_file.py, csv_file.py, xlsx_file.py
and parquet_file.py read its rows, within limits.py; column_mapping.py says which columns become which fields, and
column_usage.py what was not read; row_validation.py checks values; staging.py keeps checked rows on disk; importer.py
does all of this, and upsert.py stores rows that match items.
"""
