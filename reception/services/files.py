"""The files of a handed-over plan: the paper as it was first printed, and the signed copy as photo or scan.

What is sent in is known by its content. A picture is drawn anew, so that place and camera do not come along; a PDF is
kept as it is, if it is one and holds nothing that acts by itself. Kept outside the web root under a random name.
"""

import io
import re
import warnings
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts import audit
from accounts.models import AccessRecord
from reception.models import PlanFile, PlanHandover
from reception.services.content import checksum, has_been_changed
from reception.services.plan import write_line

MOST_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 3000  # pixels; an A4 page of 250 dots per inch
MOST_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000}  # a JPEG is read in small, a PNG as a whole
ENDINGS = {".pdf": "pdf", ".jpg": "image", ".jpeg": "image", ".png": "image"}
PDF, JPEG = ".pdf", ".jpg"
ACTING = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/SubmitForm")
ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")  # the name of a PDF may be written /J#61vaScript


@dataclass(frozen=True, slots=True)
class Clean:
    """What may be kept."""

    content: bytes
    ending: str


# --- What is sent in ---


def cleaned(upload) -> Clean:
    """The file as it may be kept. ValidationError with a Danish sentence otherwise."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("Filen fylder mere end 10 MB. Skan den i lavere opløsning, eller tag et mindre foto."))
    content, kind = upload.read(), ENDINGS.get(PurePath(upload.name).suffix.lower())
    if kind == "pdf":
        return Clean(_checked_pdf(content), PDF)
    if kind == "image":
        return Clean(_redrawn(content), JPEG)
    raise ValidationError(_("Vælg et foto (JPG eller PNG) eller en PDF."))


def _redrawn(content: bytes) -> bytes:
    """The picture alone, upright and as JPEG: nothing of what the camera wrote beside it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                return _as_jpeg(picture)
    except ValidationError:
        raise
    except Exception as error:  # whatever a broken file makes the decoder raise
        raise ValidationError(_("Filen kan ikke læses som et billede. Tag fotoet igen, eller skan arket.")) from error


def _as_jpeg(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS[picture.format]:
        raise ValidationError(_("Billedet har for mange punkter. Skan i lavere opløsning."))
    if picture.format == "JPEG":
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", upright.size, "white")
    layered = upright.convert("RGBA")
    paper.paste(layered, mask=layered)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=85)
    return out.getvalue()


def _checked_pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise ValidationError(_("Filen er ikke en hel PDF. Skan arket igen."))
    names = ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), content)
    if b"/Encrypt" in names:
        raise ValidationError(_("PDF'en er låst med adgangskode. Gem den uden, og prøv igen."))
    if any(word in names for word in ACTING):
        raise ValidationError(_("PDF'en indeholder scripts eller andre filer. Skan arket, og vælg den nye fil."))
    return content


# --- Keeping and giving ---


@transaction.atomic
def keep_signed_copy(handover: PlanHandover, *, upload, by, today: date) -> PlanFile:
    """Keep the sheet that was signed. It may be annulled with a reason, never replaced unseen."""
    row = _keep(handover, cleaned(upload), kind=PlanFile.Kind.SIGNED, variant="", by=by)
    person = handover.plan.person
    told = {"name": person.short_name, "version": handover.plan.version}
    text = _("Underskrevet eksemplar af Min plan for %(name)s, version %(version)s, er lagt på sagen") % told
    write_line(person, kind="plan_copy_kept", text=text, on=today, by=by, today=today)
    return row


@transaction.atomic
def keep_paper(handover: PlanHandover, *, content: bytes, variant: str, by) -> bytes:
    """The paper of a locked version as it was first printed; every later print is the same, byte for byte."""
    PlanHandover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    kept = kept_paper(handover, variant)
    if kept is None:
        _keep(handover, Clean(content, PDF), kind=PlanFile.Kind.PAPER, variant=variant, by=by)
        return content
    return read(kept)


def kept_paper(handover: PlanHandover | None, variant: str) -> PlanFile | None:
    if handover is None:
        return None
    return handover.files.standing().filter(kind=PlanFile.Kind.PAPER, variant=variant).first()


def signed_copies(handover: PlanHandover | None) -> list[PlanFile]:
    return list(handover.files.standing().filter(kind=PlanFile.Kind.SIGNED)) if handover else []


def _keep(handover: PlanHandover, clean: Clean, *, kind: str, variant: str, by) -> PlanFile:
    row = PlanFile(
        handover=handover,
        kind=kind,
        variant=variant,
        size=len(clean.content),
        checksum=checksum(clean.content),
        recorded_by=by,
    )
    row.file.save(f"x{clean.ending}", ContentFile(clean.content), save=True)
    plan = handover.plan
    told = f"v{plan.version} {kind} {row.checksum}"
    audit.log(by, "plan.file", case_number=plan.person.case.number, person_id=plan.person_id, detail=told)
    return row


def read(row: PlanFile) -> bytes:
    """The bytes, if they are those that were kept. ValidationError otherwise."""
    try:
        with row.file.open() as file:
            content = file.read()
    except OSError as error:
        raise ValidationError(_("Filen findes ikke længere på serveren. Sig det til driften.")) from error
    if checksum(content) != row.checksum:
        raise ValidationError(_("Filen er ikke, som den blev gemt: kontrolsummen passer ikke. Sig det til driften."))
    return content


def file_name(row: PlanFile) -> str:
    """Case number and version, never a name."""
    plan = row.handover.plan
    return f"min-plan-{plan.person.case.number}-v{plan.version}-underskrevet{PurePath(row.file.name).suffix}"


# --- Does what was handed over still stand? ---


def faults(handover: PlanHandover) -> list[str]:
    """What does not match its checksum, as sentences. The log has the checksum of the day as well."""
    found = [_("Ordene er ikke dem, der blev udleveret.")] if has_been_changed(handover) else []
    if handover.checksum and not _is_logged(handover):
        found.append(_("Loggen har ikke denne kontrolsum."))
    for row in handover.files.standing():
        try:
            read(row)
        except ValidationError as error:
            found.append(f"{row.get_kind_display()} {row.variant}: {error.messages[0]}")
    return found


def _is_logged(handover: PlanHandover) -> bool:
    plan = handover.plan
    locks = AccessRecord.objects.filter(action="plan.lock", person_id=plan.person_id)
    return locks.filter(detail=f"v{plan.version} {handover.checksum}").exists()
