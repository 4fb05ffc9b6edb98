"""Whole files in and out of a dataset.

Reading, in the order in which a file passes through:
    rest/uploads.py   the body as a file
    packing.py        gzip, and the bounds of what is unpacked
    jsonl_rows.py, csv_rows.py, parquet_rows.py    a format's rows; arrow_values.py, what Parquet's types are in JSON
    mapping.py        which columns become which fields
    row_checks.py     the one place where a row's values are checked
    spool.py          checked rows, kept on disk until all are known to be right
    importing.py      the whole of it; progress.py and following.py tell how far it is

Writing is in writing/.
"""
