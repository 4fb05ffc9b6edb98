"""What datasets and items were: moments.py (which revision is meant), as_of.py and versions.py (items as they were),
feed.py and diff.py (what changed), tags.py and forks.py (writes). How it is asked for stands in items/views/."""
