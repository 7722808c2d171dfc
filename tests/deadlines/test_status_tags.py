import pytest
from django.template import Context, Template

from deadlines.templatetags.deadlines import WORDS, status_glyph, status_word


@pytest.mark.parametrize("status", WORDS)
def test_each_status_has_a_shape_and_a_word(status):
    text = status_glyph(status)
    assert f'href="#st-{status}"' in text
    assert str(WORDS[status]) in text
    assert status_word(status) == WORDS[status]


@pytest.mark.parametrize("status", WORDS)
def test_each_shape_is_drawn(status):
    drawn = Template('{% include "components/glyphs.html" %}').render(Context())
    assert f'id="st-{status}"' in drawn


def test_no_two_statuses_share_a_shape():
    drawn = Template('{% include "components/glyphs.html" %}').render(Context())
    shapes = [line.split(">", 1)[1] for line in drawn.splitlines() if "<symbol" in line]
    assert len(shapes) == len(set(shapes)) == len(WORDS)


def test_the_word_may_stand_beside_instead():
    assert "visually-hidden" not in status_glyph("overdue", hide=True)


def test_an_unknown_status_raises():
    with pytest.raises(KeyError):
        status_glyph("late")
