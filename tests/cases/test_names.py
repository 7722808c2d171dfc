import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.names import fold, similar


@pytest.mark.parametrize(
    "spellings",
    [
        "Київ Kyiv Kiev",
        "Олена Olena Елена Elena",
        "Søren Soeren SØREN",
        "Åse Aase",
        "Сергій Serhii Sergei Сергей Sergey",
        "Юлія Yuliia Julia Юлия",
        "Галина Halyna Galina",
        "Шевченко Shevchenko SHEVCHENKO",
        "Щербак Shcherbak",
        "Олексій Oleksii Aleksei",
        "Максим Maksym Maxim",
        "Андрій Andrii Andrei Андрей",
        "Дар'я Дарʼя Daria Dariia",
        "Вікторія Viktoriia Victoria",
    ],
)
def test_one_name_has_one_key_in_every_alphabet(spellings):
    assert len({fold(name) for name in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Olena Kovalenko", "Kovalenko Olena Petrivna"),
        ("Hanna Kovalska", "Ганна Ковальський"),
        ("Mykola Lysenko", "Николай Лысенко"),
        ("Vira Ivanova", "Vera Ivanov"),
        ("Halyna Bondar", "Galina Bondra"),
        ("Anna Rudenko", "Hanna Rudenko"),
    ],
)
def test_likely_the_same_person(a, b):
    assert similar(a, b)
    assert similar(b, a)


@pytest.mark.parametrize(
    ("a", "b"), [("Bohdan", "Daryna"), ("", ""), ("", "Olena"), ("Ivan Lys", "Ivan Bondar"), ("Ira", "Ida")]
)
def test_not_the_same_person(a, b):
    assert not similar(a, b)


@given(st.text(max_size=80))
def test_the_key_is_plain_ascii_and_steady(name):
    key = fold(name)
    assert key == key.lower()
    assert key.isascii()
    assert not similar(name, name) or key
