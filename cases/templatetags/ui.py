"""Tags and filters that every page may use: `{% load ui %}`.

To alter the GET parameters of a link use Django's own `{% querystring page=2 %}`.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases import formats

register = template.Library()

ICONS = Path(settings.NODE_ROOT) / "bootstrap-icons" / "icons"


class Shapes(HTMLParser):
    """The shapes of an SVG drawing, as pairs of tag and attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@lru_cache(maxsize=256)
def _drawing(name: str) -> SafeString:
    """Rebuild the shapes of one Bootstrap icon; each attribute is escaped on the way."""
    if not name.replace("-", "").isalnum():
        raise ValueError(f"no icon is called {name!r}")
    shapes = Shapes((ICONS / f"{name}.svg").read_text(encoding="utf-8")).found
    return format_html_join("", "<{}{}/>", [(tag, flatatt(attributes)) for tag, attributes in shapes])


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """Draw a Bootstrap icon inline, hidden from screen readers; an unknown name raises."""
    return format_html(
        '<svg class="ic {}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        css,
        _drawing(name),
    )


@register.simple_tag
@lru_cache(maxsize=8)
def brand(subtitle: str = "") -> SafeString:
    """Draw the mark and the product's name."""
    return render_to_string("components/brand.html", {"subtitle": subtitle})


@lru_cache(maxsize=32)
def _drawn(template_name: str) -> SafeString:
    return render_to_string(template_name)


@register.simple_tag
def constant(template_name: str) -> SafeString:
    """Draw a partial that holds nothing of the request or the user: once per process."""
    return render_to_string(template_name) if settings.DEBUG else _drawn(template_name)


@register.simple_tag
def menu_lists(shell: dict[str, Any]) -> SafeString:
    """Draw the lists of the main menu, which stand twice on a page: in the side menu and behind "Mere"."""
    if "drawn" not in shell:
        shell["drawn"] = _alike("components/nav.html", _key({name: shell[name] for name in ("sections", "recent")}))
    return shell["drawn"]


@register.simple_tag(takes_context=True)
def me(context: template.Context) -> SafeString:
    """Draw who is logged in and the way out, which stand twice on a page."""
    shell = context["shell"]
    if "me" not in shell:
        values = {"me": shell["user"], "csrf_token": context["csrf_token"]}
        shell["me"] = render_to_string("components/me.html", values)
    return shell["me"]


@register.simple_tag
def tab_links(tabs: list[dict[str, Any]]) -> SafeString:
    """Draw the links of the phone's tab bar."""
    return _alike("components/tab_links.html", _key({"tabs": tabs}))


def _key(context: dict[str, Any]) -> str:
    """What a partial is drawn from, as text: plain values only."""
    return json.dumps(context, default=str, sort_keys=True)


@lru_cache(maxsize=512)
def _alike(template_name: str, key: str) -> SafeString:
    """Draw a partial once for all who get the same: a menu has few forms, and every page has one."""
    return render_to_string(template_name, json.loads(key))


@register.simple_block_tag
def panel(content: str, title: str, **options: Any) -> str:
    """Wrap what stands inside in a titled panel; the options stand in components/panel.html."""
    known = {"id": "", "link_url": "", "link_text": "", "aside": "", "padded": False, "css": "", "level": 2}
    context = _options("panel", known, options)
    return render_to_string("components/panel.html", {**context, "title": title, "content": content})


def _options(tag: str, known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Give the known options with those given; one that nobody knows is a mistake in the template."""
    if unknown := given.keys() - known.keys():
        raise template.TemplateSyntaxError(f"{tag} does not know {sorted(unknown)}")
    return {**known, **given}


@register.simple_tag
def plural(number: int, one: str, many: str) -> str:
    """Give the number with its noun: `{% plural rows|length "frist" "frister" %}`."""
    return formats.plural(number, one, many)


@register.filter
def initials(name: str) -> str:
    """Give the capitals for an avatar."""
    return formats.initials(name)


@register.filter
def names(people: list[str]) -> str:
    """Join names as a Danish sentence does."""
    return formats.join_names(people)


def _date_filter(name: str, write: Callable[[date], str]) -> None:
    """Register a filter that writes a date and leaves an empty one empty."""

    def written(day: date | None) -> str:
        return "" if day is None or day == "" else write(day)

    register.filter(name, written)


for _write in (
    formats.weekday_date,
    formats.weekday_date_year,
    formats.day_month,
    formats.doc_date,
    formats.long_date,
    formats.full_date,
):
    _date_filter(_write.__name__, _write)


@register.simple_block_tag
def decision(content: str, title: str, *, icon: str, **options: Any) -> str:
    """Fold one choice about a deadline behind its name; the options stand in components/decision.html."""
    context = _options("decision", {"hint": "", "open": False, "id": ""}, options)
    return render_to_string("components/decision.html", {**context, "title": title, "icon": icon, "content": content})


@register.simple_tag
def crispy_select(field: Any) -> SafeString:
    """Draw a select alone, for places where its label is drawn by the page."""
    return field.as_widget(attrs={"class": f"form-select{' is-invalid' if field.errors else ''}"})


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """List the errors of forms and formsets, each with a link to its field."""
    errors: list[dict[str, str]] = []
    for given in forms:
        if hasattr(given, "management_form"):
            errors += [{"href": "", "text": text} for text in given.non_form_errors()]
            for form in given:
                errors += _errors_of(form)
        else:
            errors += _errors_of(given)
    return {"errors": errors}


def _errors_of(form: Any) -> list[dict[str, str]]:
    """Give the errors of one form in the order of its fields; none for an unbound one."""
    found = [{"href": "", "text": text} for text in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or f"{field.auto_id}_0"
        found += [{"href": f"#{target}", "text": text} for text in field.errors]
    return found


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, label: str, key: str, css: str = "", first: str = "") -> dict[str, Any]:
    """Head a column with a link that sorts by it; see components/sort_header.html."""
    parameters = context["request"].GET.copy()
    current = parameters.get("sort") or first
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    parameters["sort"] = f"-{key}" if direction == "ascending" else key
    parameters.pop("page", None)
    return {
        "label": label,
        "css": css,
        "direction": direction,
        "url": f"?{parameters.urlencode()}",
    }


@register.inclusion_tag("components/people_grid.html")
def people_grid(formset: Any, *, main: str, more: str) -> dict[str, Any]:
    """Lay a formset out as rows of people; see components/people_grid.html."""
    names = main.split(",")
    return {
        "formset": formset,
        "more": more,
        "rows": [_person_row(form, names, number) for number, form in enumerate(formset, 1)],
        "blank": _person_row(formset.empty_form, names, 0),
    }


def _person_row(form: Any, names: list[str], number: int) -> dict[str, Any]:
    """Part one form's fields into those of the row and those behind the fold."""
    further = [field for field in form.visible_fields() if field.name not in names]
    return {
        "form": form,
        "number": number,
        "main": [form[name] for name in names],
        "more": further,
        "more_open": any(field.errors for field in further),
        "filled": (form.is_bound and form.has_changed()) or bool(form.initial),
    }
