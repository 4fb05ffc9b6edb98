"""Import of whole files into a dataset, in the order in which a file passes through.

rest/uploads.py stores the body as a file; decompression.py decompresses it; file_kinds.py and kind_check.py detect its
kind and reject others; jsonl_file.py, json_file.py, csv_file.py, xlsx_file.py and parquet_file.py read its rows, within
limits.py; column_mapping.py assigns columns to fields, and column_usage.py reports columns that were not read; rows.py
builds and validates items; staging.py keeps validated rows on disk; importer.py runs all of this; upsert.py stores
rows that match existing items, and outcomes.py counts what becomes of rows, with examples.
"""
