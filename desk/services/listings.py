"""Lists that may be had as files: whose, which rows and columns; the same whether a page or a worker makes the file.

Long ones are made by a worker (desk.services.jobs), which asks everything anew: the user's right, what of the list the
user sees, and whether the manager's yes still holds.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.access import Permission
from accounts.models import User
from cases.formats import thousands
from desk.models import Job
from desk.services import approvals, export, jobs

AT_ONCE = 2000  # rows that a page writes while the browser waits
MOST_IN_FILE = 100_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list that may be had as a file.

    name: as in the file's name. rows(user, chosen, today): all that the filters leave. cells(rows, user, today): these,
    or some of them, as columns. case: the lookup from a row to its family; empty where rows are of none. limited: more
    than a few rows only with a manager's yes.
    """

    name: str
    title: str | Promise
    permission: Permission
    columns: Sequence[export.Column]
    rows: Callable[[User, Mapping, date], QuerySet]
    cells: Callable[[Sequence, User, date], list[tuple]]
    case: str = ""
    limited: bool = True


# --- What somebody asked for --------------------------------------------------------------------


def packed(chosen: Mapping, words: str) -> str:
    """The chosen filters and the same in words, as text for the job's encrypted field."""
    return json.dumps({"chosen": {name: _out(value) for name, value in chosen.items()}, "words": words}, sort_keys=True)


def unpacked(order: str) -> tuple[dict, str]:
    held = json.loads(order)
    return {name: _in(value) for name, value in held["chosen"].items()}, held["words"]


TIMES = {"moment": datetime, "day": date, "clock": time}  # a datetime is a date, too: it stands first


def _out(value):
    kind = next((word for word, kind in TIMES.items() if isinstance(value, kind)), None)
    return {kind: value.isoformat()} if kind else value


def _in(value):
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    return TIMES[kind].fromisoformat(text)


def order(
    user: User, listing: ListFile, kind: str, *, name: str, chosen: Mapping, words: str, query: str, purpose: str,
    file_kind: str, today: date,
) -> tuple[Job, bool]:  # fmt: skip
    """The job that makes the file, and whether it is new: the same wish twice is one while it waits.

    kind: of the job, whose app has the listing in its table. name: of the file. query: desk.services.approvals.
    """
    wish = packed(chosen, words)
    data = {"list": listing.name, "name": name, "format": file_kind, "query": query, "day": today.isoformat()}
    waits = jobs.of(user).filter(kind=kind, status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    for job in waits:
        if (job.data, job.order, job.purpose) == (data, wish, purpose):
            return job, False
    title = f"{listing.title} ({file_kind.upper() if file_kind == export.CSV else 'Excel'})"
    made = jobs.start(user, kind, title=title, data=data, order=wish, purpose=purpose, permission=listing.permission)
    return made, True


# --- In the worker ------------------------------------------------------------------------------


def maker(listings: Mapping[str, ListFile]) -> jobs.Make:
    """The function that makes the files of these lists."""

    def make(job: Job, user: User, progress: jobs.Progress) -> jobs.Made:
        return made(listings[job.data["list"]], job, user, progress)

    return make


def made(listing: ListFile, job: Job, user: User, progress: jobs.Progress) -> jobs.Made:
    """Raises jobs.Refused where the list has grown beyond what the user may have without a yes."""
    now = timezone.localtime()
    chosen, words = unpacked(job.order)
    name, kind, today = job.data["name"], job.data["format"], date.fromisoformat(job.data["day"])
    found = listing.rows(user, chosen, today)
    rows, total = found[: MOST_IN_FILE + 1], found.order_by()[: MOST_IN_FILE + 1].count()
    needs_yes = listing.limited and total > approvals.ROWS_WITHOUT
    if needs_yes and approvals.in_force(user, listing.name, job.data["query"], now=now) is None:
        raise jobs.Refused(_("Din leders ja til filen gælder ikke længere. Bed om det igen på listens side."))
    kept = export.Kept(in_chunks(listing, rows, user, today, total, progress), MOST_IN_FILE)
    about = export.about(user, title=str(listing.title), at=now, purpose=job.purpose, filters=words, kept=kept)
    content = export.content(kind, str(listing.title), listing.columns, kept, about)
    cut = _("Kun de første %s rækker er med. Brug filtrene for at få resten.") % thousands(kept.count)
    log = {"action": "list.export", "purpose": job.purpose, "detail": f"{name}: {kept.count}"}
    cases = set(found.order_by().values_list(listing.case, flat=True)) if listing.case else ()
    made_file, note = export.file_name(name, today, kind), cut if kept.cut else ""
    return jobs.Made(content, made_file, note, [log], kept=jobs.A_DAY, cases=cases)


def in_chunks(
    listing: ListFile, rows: QuerySet, user: User, today: date, total: int, progress: jobs.Progress
) -> Iterator[tuple]:
    """The cells, a few hundred rows in memory at a time, telling how far it is."""
    # On SQLite nothing can be written while a list is half read: another's commit in between would end the job.
    piecemeal = connections[rows.db].vendor != "sqlite"
    found, done = rows.iterator(chunk_size=CHUNK) if piecemeal else iter(rows), 0
    while chunk := list(islice(found, CHUNK)):
        yield from listing.cells(chunk, user, today)
        done += len(chunk)
        progress(min(done, total), total)
