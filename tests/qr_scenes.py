"""Pages as they come back from a gate: turned, blurred, stained, creased, photographed askew. Seeded, without numpy.

page = form_page("2-1", 150)
for name, spoil in SCENES.items():
    photograph = spoil(page, box_of_code("2-1", 150))
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from biotrace.chain.qrparts import split
from biotrace.chain.qrtext import to_text
from biotrace.documents.raster import page_picture
from biotrace.model.certificate import Certificate
from biotrace.services.paper import certificate_pdf
from tests.golden.form_records import FormsLedger

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""
Spoil = Callable[[Image.Image, Box], Image.Image]

_LEDGER = FormsLedger()
FORMS = tuple(e.record.subject for e in _LEDGER.reading.logged if isinstance(e.record.body, Certificate))
"""The certificates of ``FormsLedger``, one or more of every form; ``split`` has its codes on a sheet of their own."""


def form_pdf(subject: str) -> bytes:
    """The certificate of that name on its form."""
    return certificate_pdf(_LEDGER.reading, _LEDGER[subject])


def form_texts(subject: str) -> tuple[str, ...]:
    """The texts of its codes."""
    envelope = _LEDGER[subject].record.envelope
    return split(envelope) if subject == "split" else (to_text(envelope),)


@lru_cache(maxsize=4)
def form_page(subject: str, dpi: int) -> Image.Image:
    """The page that bears the codes, in grey."""
    page = 12 if subject == "split" else 0
    return Image.open(io.BytesIO(page_picture(form_pdf(subject), dpi, page))).convert("L")


def saved(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    """The picture as a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Laid on the scanner's glass that much askew."""
    return image.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def blurred(image: Image.Image, pixels: float) -> Image.Image:
    """Out of focus."""
    return image.filter(ImageFilter.GaussianBlur(pixels))


def shaken(image: Image.Image, pixels: int) -> Image.Image:
    """Moved while it was taken: drawn out to the side."""
    parts = [ImageChops.offset(image, i, 0) for i in range(pixels)]
    mixed = parts[0]
    for n, part in enumerate(parts[1:], 2):
        mixed = Image.blend(mixed, part, 1 / n)
    return mixed


def compressed(image: Image.Image, quality: int) -> Image.Image:
    """As JPEG of that quality."""
    return Image.open(io.BytesIO(saved(image, "JPEG", quality=quality))).convert("L")


def faded(image: Image.Image, dark: int, light: int) -> Image.Image:
    """Ink and paper at these greys: a worn ribbon, thin toner, brown paper."""
    return image.point([dark + (light - dark) * level // 255 for level in range(256)])


def stained(image: Image.Image, box: Box, grey: int, seed: int) -> Image.Image:
    """A wet cup was put on the code, ``grey`` deep, and a little of it ran."""
    stain = Image.new("L", image.size, 255)
    draw = ImageDraw.Draw(stain)
    source = random.Random(seed)
    side = box[2] - box[0]
    for _ in range(5):
        x, y = (box[i] + source.random() * side for i in (0, 1))
        r = side * source.uniform(0.08, 0.25)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=grey)
    return ImageChops.multiply(image, stain.filter(ImageFilter.GaussianBlur(side / 60)))


def scribbled(image: Image.Image, box: Box, strokes: int, seed: int) -> Image.Image:
    """Pen strokes across the code, half a millimetre wide where the code is 45 mm."""
    marked = image.copy()
    draw = ImageDraw.Draw(marked)
    source = random.Random(seed)
    side = box[2] - box[0]
    for _ in range(strokes):
        ends = [(box[0] + source.random() * side, box[1] + source.random() * side) for _ in range(2)]
        draw.line(ends, fill=40, width=max(1, side // 60))
    return marked


def crumpled(image: Image.Image, share: float, seed: int) -> Image.Image:
    """Crushed and smoothed out again: places move by that share of the page's width, folds cast shadows."""
    source = random.Random(seed)
    across, down = 10, 14
    step_x, step_y, size = image.width / across, image.height / down, image.width * share
    nodes = {
        (i, j): (i * step_x + source.uniform(-size, size), j * step_y + source.uniform(-size, size))
        for i in range(across + 1)
        for j in range(down + 1)
    }
    mesh = []
    for i in range(across):
        for j in range(down):
            target = tuple(round(v) for v in (i * step_x, j * step_y, (i + 1) * step_x, (j + 1) * step_y))
            corners = (nodes[i, j], nodes[i, j + 1], nodes[i + 1, j + 1], nodes[i + 1, j])
            mesh.append((target, tuple(v for corner in corners for v in corner)))
    moved = image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=255)
    light = Image.new("L", (across, down))
    light.putdata([source.randint(170, 255) for _ in range(across * down)])
    return ImageChops.multiply(moved, light.resize(image.size, Image.Resampling.BICUBIC))


def askew(image: Image.Image, share: float) -> Image.Image:
    """Photographed from below: the far edge is that share of the page shorter at each end."""
    width, height = image.size
    inset = width * share
    far = width / (width - 2 * inset)
    coefficients = (far, far * inset / height, -far * inset, 0, far, 0, 0, (far - 1) / height)
    kind = Image.Transform.PERSPECTIVE
    return image.transform(image.size, kind, coefficients, Image.Resampling.BICUBIC, fillcolor=255)


def shaded(image: Image.Image, grey: int, box: Box) -> Image.Image:
    """Somebody's shadow, ``grey`` deep and soft at its edge, lies over half of the code."""
    shadow = Image.new("L", image.size, 255)
    middle = (box[0] + box[2]) // 2
    corners = [(middle - 200, 0), (middle + 200, image.height), (image.width, image.height), (image.width, 0)]
    ImageDraw.Draw(shadow).polygon(corners, fill=grey)
    return ImageChops.multiply(image, shadow.filter(ImageFilter.GaussianBlur(6)))


def grainy(image: Image.Image, share: float, seed: int) -> Image.Image:
    """In bad light: that share of every pixel is chance."""
    noise = Image.frombytes("L", image.size, random.Random(seed).randbytes(image.width * image.height))
    return Image.blend(image, noise, share)


@lru_cache(maxsize=32)
def box_of_code(subject: str, dpi: int) -> Box:
    """Where on an unspoiled page the first code stands, in pixels."""
    at = zxingcpp.read_barcodes(form_page(subject, 200))[0].position
    points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    xs, ys = ([side * dpi // 200 for side in sides] for sides in ([p.x for p in points], [p.y for p in points]))
    return min(xs), min(ys), max(xs), max(ys)


def _with(spoil: Callable[[Image.Image, Any], Image.Image], value: float) -> Spoil:
    return lambda page, _: spoil(page, value)


SCENES: dict[str, Spoil] = {
    "as printed": lambda page, _: page,
    **{f"turned {angle}": _with(turned, angle) for angle in (3, 15, 45, 90, 180)},
    **{f"blur {pixels} px": _with(blurred, pixels) for pixels in (0.7, 1.0, 1.5, 2.0)},
    **{f"shaken {pixels} px": _with(shaken, pixels) for pixels in (2, 3)},
    **{f"JPEG {quality}": _with(compressed, quality) for quality in (50, 25, 10, 5)},
    "faded": lambda page, _: faded(page, 90, 190),
    "very faded": lambda page, _: faded(page, 140, 175),
    "dark paper": lambda page, _: faded(page, 10, 90),
    "coffee, light": lambda page, box: stained(page, box, 190, 1),
    "coffee, dark": lambda page, box: stained(page, box, 110, 2),
    "ink blot": lambda page, box: stained(page, box, 20, 3),
    "3 pen strokes": lambda page, box: scribbled(page, box, 3, 4),
    "10 pen strokes": lambda page, box: scribbled(page, box, 10, 5),
    "crumpled": lambda page, _: crumpled(page, 0.003, 6),
    "badly crumpled": lambda page, _: crumpled(page, 0.008, 7),
    "from below": lambda page, _: askew(page, 0.08),
    "from far below": lambda page, _: askew(page, 0.2),
    "shadow": lambda page, box: shaded(page, 130, box),
    "deep shadow": lambda page, box: shaded(page, 60, box),
    "grain": lambda page, _: grainy(page, 0.35, 8),
    "heavy grain": lambda page, _: grainy(page, 0.6, 9),
    "telephone": lambda page, box: compressed(blurred(shaded(askew(turned(page, 4), 0.05), 120, box), 0.8), 40),
}
"""What befalls a page on its way to the reader. Blurs are in pixels, so they weigh more at fewer dpi."""
