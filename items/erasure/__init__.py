"""Erasure: removes content from every place that has it. Numbers, counts, users and times stay."""
