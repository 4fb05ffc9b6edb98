"""One hash for the content of a revision, as docs/digest.md defines it."""
