"""What datasets and items were: moments.py (which revision is meant), as_of.py and versions.py (items as they were),
feed.py and diff.py (what changed), tags.py and forks.py (writes), views.py (how it is asked for)."""
