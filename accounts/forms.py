"""The library's forms in Danish. What is checked, is checked by the library."""

from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as LibraryCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from accounts import audit

LENGTH = _("Mindst 14 tegn. Tre-fire tilfældige ord er nemme at huske.")


def name(form, **labels) -> None:
    """Danish labels, no placeholders, and a missing answer said in words."""
    for key, label in labels.items():
        field = form.fields[key]
        field.label = label
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = _("Udfyld feltet »%s«.") % label


class ChangePasswordForm(LibraryChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(
            self,
            oldpassword=_("Nuværende adgangskode"),
            password1=_("Ny adgangskode"),
            password2=_("Ny adgangskode igen"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = LENGTH


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, password1=_("Ny adgangskode"), password2=_("Ny adgangskode igen"))
        self.fields["password1"].help_text = LENGTH


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, password=_("Adgangskode"))
        self.fields["password"].help_text = ""


class ForgottenForm(ResetPasswordForm):
    """Asks nothing about the address, so the answer takes the same time for all; a task does (accounts.tasks)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, email=_("E-mail"))

    def clean_email(self):
        return self.cleaned_data["email"]

    def save(self, request, **kwargs):
        return self.cleaned_data["email"]


class Code:
    """A field for a code of an app or a recovery code; a wrong one stands in the log."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, code=_("Kode"))
        self.fields["code"].widget.attrs |= {"autofocus": True, "maxlength": 12, "autocapitalize": "none"}

    def _emit_authentication_failed(self, authenticator):
        super()._emit_authentication_failed(authenticator)
        audit.log(None, "login.failed", detail=f"account {self.user.pk} code")


class CodeForm(Code, AuthenticateForm):
    pass


class CodeAgainForm(Code, LibraryCodeAgainForm):
    pass


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, code=_("Kode fra appen"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 6}


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name(self, name=_("Navn"))
        self.fields["name"].help_text = _("Så du kan kende den igen, fx »Telefon« eller »Nøgle på kontoret«.")
        self.fields["name"].initial = self.initial["name"] = _("Adgangsnøgle")
