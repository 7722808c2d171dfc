"""One number, four doors: the page, its rows, the file and the command agree for everybody who works in the demo."""

import json
import re
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from accounts.access import Permission, can, sees_cases
from accounts.models import User
from desk.services.worklist import SECTIONS
from intake.services.demo import seed
from tests.factories import TODAY
from tests.files import fetch

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<li class="due[^"]*">.*?href="/frister/(\d+)/"', re.DOTALL)


@pytest.fixture
def house():
    """Families enough to give each role some lines, few enough for one page a section."""
    seed.seed(families=4, seed=5, today=TODAY)
    return User.objects.filter(is_active=True)


def by_command(user) -> list[int]:
    out = StringIO()
    call_command("deadlines", "--user", user.username, "--today", TODAY.isoformat(), "--format", "json", stdout=out)
    return len(json.loads(out.getvalue()))


def by_page(client) -> tuple[int, int]:
    """(the count on the filter, the rows of all its sections)."""
    page = client.get("/")
    rows = [step for section in SECTIONS for step in ROW.findall(client.get(f"/?vis={section.word}").text)]
    assert len(set(rows)) == len(rows)
    return page.context["pills"][0]["count"], len(rows)


def by_file(client, user) -> int:
    answer = fetch(client, user, "desk:steps_xlsx", "?sagsbehandler=mig")
    return load_workbook(BytesIO(answer.content)).worksheets[0].max_row - 1


def test_page_rows_file_and_command_agree(house, client):
    seen = {}
    for user in house:
        client.force_login(user)
        if not sees_cases(user):
            continue
        total = by_command(user)
        assert by_page(client) == (total, total), user.username
        if can(user, Permission.SEE_CASE_FILES):
            assert by_file(client, user) == total, user.username
        seen[user.username] = total
    assert min(seen.values()) > 0, seen
    assert len(seen) >= 6, seen
