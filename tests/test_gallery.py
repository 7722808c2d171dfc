"""Every component renders on the strict bench, without anything that the content policy forbids."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from tests import gallery

COMPONENTS = sorted(path.name for path in (settings.BASE_DIR / "templates/components").glob("*.html"))
ERROR_PAGES = ("400", "403", "403_csrf", "404", "500")


@pytest.fixture
def drawn() -> str:
    request = RequestFactory().get("/?sort=-due&page=3")
    context = {**gallery.context(), "request": request, "messages": [], "csrf_token": "token"}
    return render_to_string("components/gallery.html", context)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_nothing_inline(drawn):
    for tag, attributes in Tags(drawn).seen:
        assert "style" not in attributes, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert tag != "script" or attributes.get("src")
    assert "<style" not in drawn


def test_ids_are_unique_and_references_resolve(drawn):
    tags = Tags(drawn.split("<template")[0] + drawn.split("</template>")[1]).seen
    ids = Counter(attributes["id"] for _, attributes in tags if attributes.get("id"))
    doubled = {name for name, number in ids.items() if number > 1}
    assert doubled <= {"id_on", "div_id_on", "id_on_error", "id_on_helptext"}  # three sample forms
    for _, attributes in tags:
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget"):
            for target in (attributes.get(name) or "").split():
                assert target in ids, (name, target)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_says_how_it_is_used(name):
    source = (settings.BASE_DIR / "templates/components" / name).read_text(encoding="utf-8")
    assert "{#" in source or "{% comment %}" in source
    assert len(source.splitlines()) < 120


def test_every_component_is_in_the_gallery(drawn):
    sources = "".join(path.read_text(encoding="utf-8") for path in _templates())
    tags = {"brand", "panel", "decision", "error_summary", "sort_header", "people_grid", "nav", "tab_links", "me"}
    for name in COMPONENTS:
        stem = name.removesuffix(".html")
        used = f'components/{name}"' in sources or stem in tags
        assert used or stem in {"gallery", "form_page"}, f"{name} is used nowhere"


def _templates() -> list[Path]:
    return [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if path.name != "gallery.html"] + [
        settings.BASE_DIR / "templates/components/gallery.html"
    ]


def test_optional_fields_say_so_and_required_ones_carry_no_asterisk(drawn):
    assert "Bemærkning <span" in drawn
    assert "asterisk" not in drawn
    assert re.search(r'for="id_school" class="form-label">Hvilken skole\?</label>', drawn)


def test_the_error_stands_above_its_input(drawn):
    block = drawn[drawn.index('id="div_id_school"') :]
    assert block.index("Skriv, hvilken skole der er tilbudt") < block.index("<input")
    assert 'aria-describedby="id_school_error"' in block
    assert 'aria-invalid="true"' in block


def test_the_summary_counts_and_links(drawn):
    assert "Ret 4 fejl" in drawn
    assert '<a href="#id_people-2-birth_date">' in drawn


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_neither_scripts_nor_a_request(name):
    text = get_template(f"{name}.html").render()
    assert text == get_template(f"{name}.html").render()
    assert "<script" not in text
    assert "nonce" not in text
    assert "csrfmiddlewaretoken" not in text
    assert '<a class="go" href="/">' in text


def test_a_page_weighs_at_most_90_kb(drawn):
    links = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', drawn)
    assert len(links) > 20
    files = [Path(finders.find(link)) for link in links]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 90_000
