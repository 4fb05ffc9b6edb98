"""?sample=&seed=: a repeatable sample of the matching items.

Items are ordered by a hash of their id and the seed, and the first ones form the sample: the same for the same revision
and seed, on every page and in every export.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from items import query_params

SAMPLE, SEED = "sample", "seed"
MAX_SAMPLE = 100_000
# The sort key of a row `i`. PostgreSQL partitions tables by this hash function, so its values are stable across
# versions.
SAMPLE_KEY = "uuid_hash_extended(i.id, %(seed)s::bigint)"
FIRST_OF_SAMPLE = f"ORDER BY {SAMPLE_KEY}, i.id LIMIT %(sample)s"
# Whether a single row is in the sample, for statements that read rows in batches.
IN_SAMPLE = f"({SAMPLE_KEY}, i.id) <= (%(sample_key)s::bigint, %(sample_id)s::uuid)"


class Sample(NamedTuple):
    size: int
    seed: int = 0

    @property
    def parameters(self) -> dict[str, Any]:
        return {SAMPLE: self.size, SEED: self.seed}


def parse_sample(parameters: Mapping[str, str]) -> Sample | None:
    """Return None without the parameter. Raises ValidationError."""
    size, seed = parameters.get(SAMPLE), parameters.get(SEED)
    if not size:
        if seed:
            query_params.raise_invalid(SAMPLE, "This field is required with seed.", "required")
        return None
    number = query_params.parse_count(SAMPLE, size)
    if not 1 <= number <= MAX_SAMPLE:
        query_params.raise_invalid(SAMPLE, f"A sample has 1 to {MAX_SAMPLE:,} items.")
    return Sample(number, query_params.parse_count(SEED, seed) if seed else 0)
