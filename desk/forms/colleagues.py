"""Who works with the family."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant, User
from accounts.roles import ROLES, Permission
from cases.forms import IndgangForm


class ColleagueForm(IndgangForm):
    """A colleague whose role has cases; managers and coordinators have those of the unit anyway."""

    user = forms.ModelChoiceField(label=_("Kollega"), queryset=User.objects.none(), empty_label=_("Vælg en kollega"))
    why = forms.CharField(
        label=_("Hvad skal kollegaen hjælpe med?"),
        max_length=120,
        help_text=_("Kollegaen ser familien og sit eget område, så længe opgaven varer, og 14 dage efter."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        may = [key for key, role in ROLES.items() if Permission.WRITE_NOTES in role.permissions]
        able = RoleGrant.objects.filter(role__in=may).values("user")
        found = User.objects.filter(is_active=True, pk__in=able).prefetch_related("grants")
        self.fields["user"].queryset = found.order_by("first_name", "last_name", "pk")
        self.fields["user"].label_from_instance = described


def described(user: User) -> str:
    """ "Nadia Holm (Boligkoordinator)"."""
    return f"{user.name} ({', '.join(str(role.label) for role in user.roles)})"
