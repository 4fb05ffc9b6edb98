"""Lists of items as they are asked for: conditions.py (parameters to SQL) with values.py and search.py; orders.py and
cursors.py (in which order, from where); wanted.py (all of it together, checked); pages.py and past_pages.py (the
statements); time_limit.py (how long they may take)."""
