"""The speed of the product in ratios of one run, and what its time tells: bin/bench [--quick]

Goals and protocol: G1 base page, G2 work list, G4 growth, G6 family page, G7 sweep, G12 board, G14 paper, M matching; one line each. On
PostgreSQL at 1,000 and 100,000 persons; --quick on SQLite at 1,000 and 10,000. Databases are its own and
taken away at the end.
"""

import argparse
import json
import os
import sys
from math import inf

import psycopg2

from tests.benchmarks.pages import BASE, FLOOR, LIST, SAME, Protocol, check_truth, cost, family, queries, ratio, steady
from tests.benchmarks.site import Site

PRINTS = 15
BOARDS = 20
FULL, QUICK = Protocol(120, 3, 4.0), Protocol(40, 1, 1.5)
ADMINS = ("postgres://postgres@127.0.0.1:5432/postgres", "postgres:///postgres")


class Report:
    """One line per goal; remembers whether a hard limit was broken."""

    def __init__(self):
        self.beyond = False

    def line(self, goal: str, what: str, figure: float, wanted: float, limit: float = inf, unit: str = "x") -> None:
        verdict = "met" if figure <= wanted else "missed" if figure <= limit else "BEYOND THE HARD LIMIT"
        self.beyond |= figure > limit
        shown = f"{figure:.0f}" if unit in (" ms", "") else f"{figure:.2f}"
        bound = "" if limit == inf else f", limit {limit:g}{unit}"
        say(f"{goal:<4}{what:<46}{shown:>8}{unit:<3}  goal {wanted:g}{unit}{bound}: {verdict}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def postgres() -> str:
    """An address of PostgreSQL where databases may be made; SystemExit with the remedy when there is none."""
    given = [os.environ.get("BENCH_DATABASE_URL", ""), os.environ.get("DATABASE_URL", "")]
    for url in [url for url in given if url.startswith("postgres")] + list(ADMINS):
        try:
            psycopg2.connect(url, connect_timeout=3).close()
        except psycopg2.OperationalError:
            continue
        return url
    raise SystemExit(
        "PostgreSQL was not found. Set BENCH_DATABASE_URL to one where databases may be made, or use --quick."
    )


def measure_pages(report: Report, small: Site, large: Site, protocol: Protocol) -> None:
    base, page = (large, BASE), (large, family(large, "mean"))
    report.line("G1", "base page, p50 to the floor's", ratio(base, (large, FLOOR), protocol), 1.5, 2)
    report.line("G1", "base page, queries", queries(large, BASE), 5, 7, "")
    report.line("G2", "work list of 50, p50 to the base page's", ratio((large, LIST), base, protocol), 2.0, 3)
    report.line("G2", "work list of 50, cost at 8 connections", cost(large, LIST, BASE, protocol), 2.5, 3.5)
    report.line("G2", "work list of 50, queries", queries(large, LIST), 6, 8, "")
    report.line("G4", "work list, growth of p50", ratio((large, LIST), (small, LIST), protocol), 1.2, 1.4)
    grown = ratio((large, family(large, "small")), (small, family(small, "small")), protocol)
    report.line("G4", "family page, growth of p50", grown, 1.2, 1.4)
    asked = [queries(large, family(large, which)) for which in ("small", "mean", "large")]
    report.line("G6", f"family page, queries (1, 3, 10 persons: {asked})", max(asked), 10, 14, "")
    report.line("G6", "family page of three, p50 to the base page's", ratio(page, base, protocol), 2.5, 3.5)


def measure_sweep(report: Report, site: Site, rounds: int) -> None:
    """Milliseconds depend on the machine, so they have a goal and no limit."""
    found = json.loads(site.call("-m", "tests.benchmarks.sweeping", str(rounds)))
    say(
        f"     the day's sweep: {found['steps']} steps told, {found['rows']} rows; all that was late: {found['catch_up']:.0f} ms"
    )
    report.line("G7", "sweep to the raw SQL of its writes", found["product"] / found["raw"], 1.3, 2)
    per_day = found["product"] * 11_863 / max(found["steps"], 1)
    report.line("G7", "sweep, per 11,863 steps", per_day, 300, unit=" ms")
    report.line("G7", "sweep with nothing due", found["nothing"], 10, unit=" ms")


def measure_paper(report: Report, site: Site, rounds: int) -> None:
    found = json.loads(site.call("-m", "tests.benchmarks.papering", str(rounds)))
    say(f"     a plan on paper: {found['product']:.0f} ms, WeasyPrint alone {found['alone']:.0f} ms")
    report.line("G14", "Min plan as PDF to WeasyPrint alone", found["product"] / found["alone"], 1.15, 1.3)


def measure_timing(report: Report, site: Site, look_ups: int, log_ins: int) -> None:
    """How far from 1 a ratio is; beyond a tenth the time would tell what the answer does not."""
    args = (str(site.seeded["user"]), str(look_ups), str(log_ins))
    found = json.loads(site.call("-m", "tests.benchmarks.timing", *args))
    for part, name, what in (
        ("cpr", "hit", "CPR number out of sight to unknown"),
        ("log_in", "known", "known user to unknown"),
    ):
        ratio, same = found[part][name], found[part]["same"]
        say(f"     {what}: {ratio:.3f}; the same against itself: {same:.3f}")
        report.line("T", f"{what}, distance from 1", max(ratio, 1 / ratio), 1.1, 1.1)
    report.line("T", "a row of the access log, p95", found["log_row"], 10, unit=" ms")


def measure_matching(report: Report, site: Site) -> None:
    found = json.loads(site.call("-m", "tests.benchmarks.matching"))
    say(f"     1,000 families, 1,000 volunteers: {found['pairs']} pairs")
    report.line("M", "an evening's assignment", found["seconds"], 2, 10, " s")


def measure_board(report: Report, site: Site, rounds: int) -> None:
    found = json.loads(site.call("-m", "tests.benchmarks.boarding", str(rounds)))
    say(f"     Fristoverholdelse of one unit: {found['page']:.0f} ms, its figures in raw SQL {found['raw']:.0f} ms")
    report.line("G12", "board to raw figures and base page", found["page"] / (found["raw"] + found["base"]), 1.2, 1.5)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 persons on SQLite, two minutes")
    quick = parser.parse_args().quick
    admin, protocol, report, sites = "" if quick else postgres(), QUICK if quick else FULL, Report(), []
    try:
        for persons in (1_000, 10_000 if quick else 100_000):
            sites.append(Site(persons, admin))
            say(f"     {persons} persons, {sites[-1].seeded['steps']} steps on {'PostgreSQL' if admin else 'SQLite'}")
        for site in sites:
            site.serve()
            check_truth(site)
        same = steady(sites[-1], protocol)
        if not SAME[0] <= same <= SAME[1]:
            say(
                f"     The base page against itself gives {same:.2f}: the machine is too restless, the ratios are void."
            )
        measure_pages(report, *sites, protocol)
        measure_sweep(report, sites[-1], protocol.rounds)
        measure_paper(report, sites[0], PRINTS)
        if admin:
            measure_board(report, sites[-1], BOARDS)
        measure_matching(report, sites[0])
        measure_timing(report, sites[-1], *((60, 6) if quick else (300, 30)))
    finally:
        for site in sites:
            site.close()
    return 1 if report.beyond and not quick else 0


if __name__ == "__main__":
    sys.exit(main())
