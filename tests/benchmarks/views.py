"""floor: the yardstick, a plain logged-in Django page. base: the product's page around nothing."""

from contextlib import ExitStack

from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template import RequestContext, engines

from accounts.models import User

NAMES = ("Overblik", "Frister", "Familier", "Indlæs", "Bolig", "Kontakter", "Figurer", "Log ud")
FLOOR = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Floor</title></head><body>
<nav><ul>{% for name in names %}<li><a href="/{{ name }}/">{{ name }}</a></li>{% endfor %}</ul></nav>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}"></form>
{% for message in notes %}<p>{{ message }}</p>{% endfor %}<main><p>{{ user.username }} {{ colleagues }}</p></main>
</body></html>"""
plain, around = (engines["django"].engine.from_string(text) for text in (FLOOR, '{% extends "base.html" %}'))


def floor(request):
    """Session, user, one query of its own: three in all."""
    colleagues = User.objects.filter(team=request.user.team_id).count()
    context = {"names": NAMES, "notes": get_messages(request), "token": get_token(request), "colleagues": colleagues}
    return HttpResponse(plain.render(RequestContext(request, {**context, "user": request.user})))


def base(request):
    """Menu, counts, recent families, banners and permissions as on every page; no rows."""
    context = RequestContext(request)
    with context.bind_template(around):
        return HttpResponse(around.render(context))


def count_queries(get_response):
    """Answer X-Count with the number of queries in X-Queries."""

    def middleware(request):
        if "X-Count" not in request.headers:
            return get_response(request)
        seen = []

        def note(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(note))
            response = get_response(request)
        response["X-Queries"] = str(sum(not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) for sql in seen))
        return response

    return middleware
