"""A colleague's leave, registered by the manager: the administrator's form with colleagues of the own team."""

from django import forms

from accounts.models import User
from accounts.services import absence_doubts
from desk.forms.users import AbsenceForm


class LeaveForm(AbsenceForm):
    """What is doubtful about the deputy is asked once; sent again with the same answers it is taken."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *args, user: User, deputies, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.fields["deputy"].queryset = deputies.exclude(pk=user.pk)
        self.fields["deputy"].label_from_instance = lambda one: one.name

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        asked = {name: data.get(name) for name in ("starts_on", "ends_on", "deputy")}
        doubts = absence_doubts(self.user, **asked)
        key = f"{asked['starts_on']}:{asked['ends_on']}:{asked['deputy'].pk if asked['deputy'] else ''}"
        if doubts and data.get("seen") != key:
            self.data = self.data.copy()
            self.data["seen"] = key
            for sentence in doubts:
                self.add_error("deputy", sentence)
        return data
