"""One hash for the content of a revision: canonical.py writes an item in its canonical form, item_hashes.py keeps the
hash of each version, and digests.py makes a revision's digest of them. docs/digest.md defines all three."""
