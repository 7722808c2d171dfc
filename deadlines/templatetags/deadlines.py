"""The status of a deadline as shape, word and colour: `{% load deadlines %}`.

Shapes are symbols of components/glyphs.html, which base.html draws once on each page.
"""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

WORDS = {
    "overdue": _("Overskredet"),
    "passed": _("Passeret"),
    "due_today": _("I dag"),
    "soon": _("Haster"),
    "open": _("Kommer"),
    "waiting": _("Venter på andre"),
    "awaiting_date": _("Afventer dato"),
    "met": _("Udført til tiden"),
    "met_late": _("Udført for sent"),
    "waived": _("Fritaget"),
    "not_applicable": _("Ikke omfattet"),
    "withdrawn": _("Bortfaldet"),
    "undated": _("Uden frist"),
    "extended": _("Forlænget"),
}


@register.simple_tag
def status_word(status: str) -> str:
    """Give the Danish word; an unknown status raises KeyError."""
    return WORDS[status]


@register.simple_tag
def status_glyph(status: str, hide: bool = False, css: str = "") -> SafeString:
    """Draw the shape followed by its word for screen readers.

    With `hide=True` the word is left out, for places where it stands in plain text beside.
    """
    return _drawn(status, hide, css, get_language() or "")


@lru_cache(maxsize=256)
def _drawn(status: str, hide: bool, css: str, language: str) -> SafeString:
    """The drawing, kept per language: a work list shows the same few shapes fifty times."""
    word = WORDS[status]
    drawing = format_html(
        '<svg class="st st-{0} {1}" viewBox="0 0 18 18" aria-hidden="true" focusable="false">'
        '<use href="#st-{0}"/></svg>',
        status,
        css,
    )
    if hide:
        return drawing
    return format_html('{}<span class="visually-hidden">{}: </span>', drawing, word)


# --- The cells of the matrix -------------------------------------------------------------------


@register.simple_tag
def deadline_cell(given: dict) -> SafeString:
    """One deadline in components/deadline_matrix.html, which describes it; in Python as the lines below."""
    cell = {"text": "", "url": "", "label": "", "grey": "", **given}
    return format_html(
        '<{} class="cell cell-{}{}">{}{}{}</{}>',
        format_html('a href="{}"', cell["url"]) if cell["url"] else "span",
        cell["status"],
        " grey" if cell["grey"] else "",
        status_glyph(cell["status"]),
        cell["text"],
        format_html('<span class="visually-hidden"> {}</span>', cell["label"]) if cell["label"] else "",
        "a" if cell["url"] else "span",
    )


# --- The lines of a work list -----------------------------------------------------------------
# Fifty lines are the page that everybody opens at eight: written here, they cost a fifth of what a template's nodes do.
# A line is a dict; any of these keys may be missing:
#   url, status, title        the whole line is the link; its glyph; "Tilbyd skole"
#   hint                      the latest fact
#   kind, kind_label          "law" and "Lovfrist", before the hint; law stands in a frame
#   who, who_url, sub         the person or family, and a second line under it
#   relative, date, iso       "4 dage over", "fre. 20. nov.", "2026-11-20"
#   action_url, action_label  the one button at its end
#   grey                      True: before the system was in use, counts in no figure


@register.simple_tag
def deadline_rows(rows: list[dict], compact: bool = False) -> SafeString:
    """Draw the list; compact leaves out the column of names."""
    return format_html('<ol class="plain">{}</ol>', format_html_join("\n", "{}", ((line(r, compact),) for r in rows)))


FIELDS = ("url", "status", "title", "hint", "kind", "kind_label", "who", "who_url", "sub", "relative", "date", "iso")
EMPTY = dict.fromkeys((*FIELDS, "action_url", "action_label", "grey"), "")


def line(given: dict, compact: bool) -> SafeString:
    row = {**EMPTY, **given}
    return format_html(
        '<li class="due{}{}">{}\n<div class="what"><span class="title-line"><a href="{}">{}</a></span>{}</div>\n'
        '{}<div class="when">{}{}</div>\n{}</li>',
        " case" if compact else "",
        " grey" if row["grey"] else "",
        status_glyph(row["status"]),
        row["url"],
        row["title"],
        hint_of(row),
        "" if compact else who_of(row),
        format_html('<b class="t-{}">{}</b>', row["status"], row["relative"]) if row["relative"] else "",
        day_of(row),
        button_of(row),
    )


def hint_of(row: dict) -> SafeString | str:
    if not (row["kind_label"] or row["hint"]):
        return ""
    kind = kind_of(row["kind"], row["kind_label"]) if row["kind_label"] else ""
    between = " · " if kind and row["hint"] else ""
    return format_html('<span class="hint">{}{}{}</span>', kind, between, row["hint"])


@lru_cache(maxsize=32)
def kind_of(kind: str, label: str) -> SafeString:
    return format_html('<span class="kind{}">{}</span>', f" kind-{kind}" if kind else "", label)


def who_of(row: dict) -> SafeString:
    who = format_html('<a href="{}">{}</a>', row["who_url"], row["who"]) if row["who_url"] else row["who"]
    sub = format_html("<small>{}</small>", row["sub"]) if row["sub"] else ""
    return format_html('<div class="who">{}{}</div>', who, sub)


def day_of(row: dict) -> SafeString | str:
    if not row["date"]:
        return ""
    iso = format_html(' datetime="{}"', row["iso"]) if row["iso"] else ""
    return format_html("<small><time{}>{}</time></small>", iso, row["date"])


def button_of(row: dict) -> SafeString | str:
    """Its name for screen readers says which line it is about."""
    if not row["action_url"]:
        return ""
    about = f"{row['title']}, {row['who']}" if row["who"] else row["title"]
    return format_html(
        '<a class="btn btn-text btn-sm go" href="{}">{}<span class="visually-hidden">: {}</span></a>',
        row["action_url"],
        row["action_label"],
        about,
    )
