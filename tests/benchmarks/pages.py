"""Pages against pages: interleaved requests, medians of ratios, requests per second, queries, truth."""

import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.benchmarks.site import Site

FLOOR, BASE, LIST = "/bench/floor/", "/bench/base/", "/"
CONNECTIONS = 8
SAME = (0.90, 1.10)


@dataclass(frozen=True)
class Protocol:
    """pairs of interleaved requests per round, rounds, seconds of load per page."""

    pairs: int
    rounds: int
    seconds: float


def took(site: Site, path: str) -> float:
    began = time.perf_counter()
    site.get(path)
    return time.perf_counter() - began


def ratio(page: tuple[Site, str], against: tuple[Site, str], protocol: Protocol) -> float:
    """The median over the rounds of p50(page) / p50(against), measured ABAB."""
    found = []
    for _round in range(protocol.rounds):
        times = [(took(*page), took(*against)) for _pair in range(protocol.pairs)]
        found.append(statistics.median(a for a, _b in times) / statistics.median(b for _a, b in times))
    return statistics.median(found)


def per_second(site: Site, path: str, protocol: Protocol) -> float:
    """Requests per second over eight connections."""
    ends = time.perf_counter() + protocol.seconds

    def ask(_number: int) -> int:
        asked = 0
        while time.perf_counter() < ends:
            site.get(path)
            asked += 1
        return asked

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(ask, range(CONNECTIONS))) / protocol.seconds


def cost(site: Site, path: str, against: str, protocol: Protocol) -> float:
    """How many requests of `against` one request of `path` costs: before, page, after."""
    before, page, after = (per_second(site, where, protocol) for where in (against, path, against))
    return (before + after) / 2 / page


def queries(site: Site, path: str) -> int:
    """The queries of a page that has been asked for before."""
    site.get(path)
    return int(site.get(path, **{"X-Count": "1"})[1]["X-Queries"])


def steady(site: Site, protocol: Protocol) -> float:
    """The base page against itself; the run is void when this is not one."""
    return ratio((site, BASE), (site, BASE), protocol)


def family(site: Site, which: str) -> str:
    return f"/familier/{site.seeded['families'][which]}/"


def check_truth(site: Site) -> None:
    """The rows of the work list and the people of the family's page, against SQL of our own; SystemExit if not."""
    number = site.seeded["families"]["mean"]
    truth = json.loads(site.call("-m", "tests.benchmarks.truth", str(site.seeded["user"]), number))
    html = site.get(LIST)[0].decode()
    rows = list(dict.fromkeys(int(pk) for pk in re.findall(r'href="/frister/(\d+)/', html)))
    if rows != truth["rows"] or len(rows) != 50:
        raise SystemExit(f"The work list is not what the database says: {rows[:5]} … instead of {truth['rows'][:5]} …")
    html = site.get(family(site, "mean"))[0].decode()
    if missing := [pk for pk in truth["people"] if f"/personer/{pk}/" not in html]:
        raise SystemExit(f"The family's page lacks the people {missing}")
