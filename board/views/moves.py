"""A move of cases: carried out as it was shown, looked at, and undone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from board.forms.share import ConfirmForm
from board.services import moves
from board.services.share import Source
from board.views.share import crumbs
from cases.formats import doc_moment, plural


@needs(Permission.LEAD_TEAM)
@require_POST
def carry_out(request):
    """Move what was shown; what changed meanwhile stands on the page of the move with its reason."""
    form = ConfirmForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Tallene er for gamle. Vælg sagerne igen, og se resultatet, før du flytter dem."))
        return redirect("board:share")
    today, now = timezone.localdate(), timezone.now()
    move = moves.carry_out(form.cleaned_data["plan"], by=request.user, today=today, now=now)
    moved = move.cases.filter(left_out="").count()
    if moved:
        text = _("%s er flyttet. De nye sagsbehandlere får besked i næste morgenmail.")
        messages.success(request, text % plural(moved, _("sag"), _("sager")))
    else:
        messages.warning(request, _("Ingen sager er flyttet. Nedenfor står hvorfor."))
    return redirect("board:move", pk=move.pk)


@needs(Permission.LEAD_TEAM)
def one_move(request, pk):
    move = get_object_or_404(moves.of_unit(request.user), pk=pk)
    rows = moves.rows_of(move, request.user)
    moved = [row for row in rows if not row["left"]]
    context = {
        "move": move,
        "when": doc_moment(move.at),
        "undone": doc_moment(move.undone_at) if move.undone_at else "",
        "origin": Source(move.source).origin,
        "moved": moved,
        "moved_text": plural(len(moved), _("sag"), _("sager")),
        "left": [row for row in rows if row["left"]],
        "kept": [row for row in moved if row["kept"]],
        "crumbs": crumbs(_("Flytning")),
    }
    return render(request, "board/move.html", context)


@needs(Permission.LEAD_TEAM)
@require_POST
def undo_move(request, pk):
    move = get_object_or_404(moves.of_unit(request.user), pk=pk)
    try:
        moves.undo(move, by=request.user, today=timezone.localdate(), now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if move.cases.filter(left_out="", kept="").exists():
            messages.success(request, _("Flytningen er fortrudt."))
        else:
            messages.warning(request, _("Ingen sager er givet tilbage. Nedenfor står hvorfor."))
    return redirect("board:move", pk=pk)
