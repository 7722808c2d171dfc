"""Numbers of the board with the way to their rows: `{% load board %}`.

In Python, because one page has some three hundred of them.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


def _linked(cell: dict) -> SafeString:
    return format_html('<a href="{}">{}</a>' if cell["url"] else "{1}", cell["url"], cell["text"])


@register.simple_tag
def number(cell: dict) -> SafeString:
    """A count, linked where it has rows. cell: {text, url} of board.views.wording.Numbers."""
    return _linked(cell)


@register.simple_tag
def share(cell: dict, small: bool = False) -> SafeString:
    """A share with its n, and what was corrected after the month closed. small: without the n."""
    n = format_html(' <small class="muted">n = {}</small>', cell["n"]) if cell["n"] and not small else ""
    later = _("korrigeret: %s") % cell["corrected"]
    corrected = format_html('<span class="korr">{}</span>', later) if cell["corrected"] else ""
    return format_html("{}{}{}", _linked(cell), n, corrected)
