"""The status of a deadline as shape, word and colour: `{% load deadlines %}`.

Shapes are symbols of components/glyphs.html, which base.html draws once on each page.
"""

from functools import lru_cache

from django import template
from django.utils.html import format_html
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
