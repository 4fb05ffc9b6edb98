"""Erasure: content goes from every place that has it; numbers, counts, and who did what and when stay."""
