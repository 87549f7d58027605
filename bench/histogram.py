"""A histogram that a service tells of itself, read between two moments."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many observations were at most so large, by upper bound; the last bound is infinite."""

    up_to: Mapping[float, float]

    def since(self, before: "Histogram") -> "Histogram":
        """What was observed after another reading."""
        return Histogram({bound: count - before.up_to.get(bound, 0) for bound, count in self.up_to.items()})

    def quantile(self, share: float) -> float:
        """The value that `share` of the observations do not exceed, even within its bucket.

        Beyond the last finite bound it is that bound.

        Raises:
            ValueError: nothing was observed.
        """
        bounds = sorted(self.up_to)
        total = self.up_to[bounds[-1]] if bounds else 0
        if not total:
            raise ValueError("nothing was observed")
        wanted, below, low = share * total, 0.0, 0.0
        for bound in bounds[:-1]:
            count = self.up_to[bound]
            if count >= wanted:
                return low + (bound - low) * ((wanted - below) / (count - below) if count > below else 1.0)
            below, low = count, bound
        return low


async def read_histogram(url: str, name: str) -> Histogram:
    """Read one histogram without labels; empty if the service does not tell it."""
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        answer.raise_for_status()
        text = await answer.text()
    return Histogram(
        {
            float(sample.labels["le"]): sample.value
            for family in text_string_to_metric_families(text)
            if family.name == name
            for sample in family.samples
            if sample.name == f"{name}_bucket"
        }
    )
