"""Signed sheets as they are sent in: a photo that tells where it was taken, and a scan."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

GPS, MAKE = 0x8825, 0x010F
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 80), **saved) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "lightgrey").save(out, kind, **saved)
    return out.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "Kamera CNRY"
    exif.get_ifd(GPS).update({1: "N", 2: (55.0, 52.0, 12.0), 3: "E", 4: (12.0, 21.0, 30.0)})
    return photo(exif=exif)


def sheet(content: bytes | None = None, name: str = "ark.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)
