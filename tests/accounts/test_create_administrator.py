"""The first user of a real installation."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

PASSWORD = "korrekt hest batteri hæfteklamme"


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)


@pytest.mark.django_db
def test_the_first_administrator():
    call_command("create_administrator", "anne", email="anne@example.dk")
    user = User.objects.get()
    assert user.role_keys == {"administrator"}
    assert user.check_password(PASSWORD)
    assert not user.is_superuser
    with pytest.raises(CommandError, match="findes allerede"):
        call_command("create_administrator", "anne")


@pytest.mark.django_db
def test_a_weak_password_is_refused(monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "anne1234")
    with pytest.raises(CommandError):
        call_command("create_administrator", "anne")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_password_is_asked_for_twice(monkeypatch):
    monkeypatch.delenv("ADMINISTRATOR_PASSWORD")
    typed = iter([PASSWORD, "another"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="forskellige"):
        call_command("create_administrator", "anne")
