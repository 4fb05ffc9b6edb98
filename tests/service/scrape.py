"""Reads the metrics of a running service."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Samples = dict[str, dict[Labels, float]]


def scrape(base: str) -> Samples:
    answer = httpx.get(f"{base}/metrics")
    assert answer.status_code == 200, answer.text
    return samples_of(answer.text)


def samples_of(text: str) -> Samples:
    samples: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return samples


def value(samples: Samples, name: str, **labels: str) -> float:
    """Return the sum of the samples with these labels; 0 if there is none."""
    return sum(each for found, each in samples.get(name, {}).items() if labels.items() <= dict(found).items())
