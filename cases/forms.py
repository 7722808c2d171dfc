"""What all forms share: Danish dates as people type them, and one crispy helper."""

from datetime import date

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.dates import DateError, parse_date
from cases.formats import doc_date


class DateInput(forms.TextInput):
    """A text field for a date: digits on a phone, no native picker, shown as 14.03.1991."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "data-date": "", **(attrs or {})})

    def format_value(self, value):
        return doc_date(value) if isinstance(value, date) else value


class DanishDateField(forms.Field):
    """A date typed any Danish way (cases.dates). past: a birth, two-digit years lie behind us.

    The form is the door: it asks the clock here, unless `today` is given.
    """

    widget = DateInput
    default_error_messages = {"required": _("Skriv en dato, fx 14.03.1991.")}

    def __init__(self, *, past: bool = False, today: date | None = None, **kwargs):
        super().__init__(**kwargs)
        self.past, self.today = past, today

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return parse_date(str(value), today=self.today or timezone.localdate(), past=self.past)
        except DateError as error:
            raise ValidationError(error.sentence, code=error.code) from error

    def has_changed(self, initial, data):
        try:
            return (initial or None) != self.to_python(data)
        except ValidationError:
            return True


REQUIRED = _("Udfyld feltet »%s«.")


class IndgangForm(forms.Form):
    """The base of our forms: says in Danish which field is missing, and leaves the form tag to the template."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            if not isinstance(field, DanishDateField):
                field.error_messages["required"] = (
                    REQUIRED % field.label if field.label else field.error_messages["required"]
                )
