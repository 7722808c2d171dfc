"""The bench itself: what it must refuse, and what it must let through."""

import socket
from datetime import date
from pathlib import Path

import pytest
from django.template import Context, Template, engines
from django.utils import timezone

from tests.strict import UndefinedVariable


@pytest.mark.parametrize(
    "source",
    ["{{ absent }}", "{{ here.absent }}", "{{ absent|default:'x' }}", "{% for x in absent %}{% endfor %}"],
)
def test_an_undefined_variable_in_our_template_is_an_error(source):
    with pytest.raises(UndefinedVariable, match="absent"):
        Template(source).render(Context({"here": {}}))


@pytest.mark.parametrize(
    "source", ["{% if absent %}{% endif %}", "{{ none }}", "{{ empty }}", "{% for x in empty %}{% endfor %}"]
)
def test_what_is_defined_but_empty_is_no_error(source):
    Template(source).render(Context({"none": None, "empty": ""}))


def test_templates_of_packages_may_be_careless(tmp_path):
    engine = engines["django"].engine
    template = Template("{{ absent }}", engine=engine)
    template.origin.name = str(tmp_path / "package" / "templates" / "widget.html")
    assert template.render(Context()) == ""


def test_the_network_is_out_of_reach():
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(AssertionError, match="example"):
        socket.getaddrinfo("example.invalid", 80)


def test_the_day_is_fixed(today):
    assert timezone.localdate() == today == date(2026, 11, 24)


def test_the_files_of_a_test_run_stay_out_of_the_work_tree(settings):
    assert not settings.VAR_DIR.is_relative_to(Path(__file__).parent.parent)
