"""Local log-in only: users are invited, nobody signs up. Log-ins, failed ones and log-outs stand in the log."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    @transaction.atomic
    def login(self, request, user):
        super().login(request, user)
        audit.log(user, "login.in")

    @transaction.atomic
    def logout(self, request):
        audit.log(request.user, "logout")
        super().logout(request)

    def authentication_failed(self, request, **credentials):
        """The account, where there is one; never what was typed, which may be a password in the wrong field."""
        super().authentication_failed(request, **credentials)
        typed = credentials.get("username") or credentials.get("email") or ""
        pk = User.objects.filter(Q(username=typed) | Q(email__iexact=typed)).values_list("pk", flat=True).first()
        audit.log(None, "login.failed", detail="" if pk is None else f"account {pk}")
