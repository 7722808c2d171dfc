from datetime import date

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from cases.templatetags import ui


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_drawn_inline_and_hidden():
    text = render('{% icon "person-plus" %}')
    assert text.startswith('<svg class="ic ')
    assert 'aria-hidden="true"' in text
    assert '<path d="' in text


@pytest.mark.parametrize("name", ["no-such-icon", "../secret", ""])
def test_an_unknown_icon_raises(name):
    with pytest.raises((FileNotFoundError, ValueError)):
        ui.icon(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("weekday_date", "fre. 27. nov."),
        ("weekday_date_year", "fre. 27. nov. 2026"),
        ("day_month", "27. nov."),
        ("doc_date", "27.11.2026"),
        ("long_date", "27. november 2026"),
        ("full_date", "fredag den 27. november"),
    ],
)
def test_date_filters(name, expected):
    assert render(f"{{{{ day|{name} }}}}", day=date(2026, 11, 27)) == expected
    assert render(f"{{{{ day|{name} }}}}", day=None) == ""


def test_words_and_numbers():
    assert render('{% plural n "frist" "frister" %}', n=2) == "2 frister"
    assert render("{{ name|initials }}", name="Mette Lindholm") == "ML"
    assert render("{{ all|names }}", all=["Olena", "Dmytro"]) == "Olena og Dmytro"


def test_a_panel_escapes_its_title_and_keeps_its_inside():
    text = render("{% panel title %}<p>{{ text }}</p>{% endpanel %}", title="<b>", text="<i>")
    assert "<h2>&lt;b&gt;</h2>" in text
    assert "<p>&lt;i&gt;</p>" in text


def test_a_panel_refuses_what_it_does_not_know():
    with pytest.raises(Exception, match="does not know"):
        render('{% panel "x" colour="red" %}{% endpanel %}')


@pytest.mark.parametrize(
    ("address", "direction", "link"),
    [
        ("/?page=3", "ascending", "?sort=-due"),
        ("/?sort=-due&q=a", "descending", "?sort=due&amp;q=a"),
        ("/?sort=name", "", "?sort=due"),
    ],
)
def test_a_heading_sorts_both_ways(address, direction, link):
    request = RequestFactory().get(address)
    text = render('{% sort_header "Frist" "due" first="due" %}', request=request)
    assert (f'aria-sort="{direction}"' in text) == bool(direction)
    assert f'href="{link}"' in text
