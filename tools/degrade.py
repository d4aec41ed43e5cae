"""What time, copier and scanner do to a page: named, seeded recipes.

A recipe is a set of numbers (or ranges to draw from); `degrade` applies them in the order in which they happen to paper: ink
spreads or fades, the back shows through, a stamp is put on, the sheet lies crooked and is sampled, light falls unevenly, the
sensor adds noise and dirt, the machine thresholds or compresses.

Limits: no warping, folds or handwriting. The geometry (scale, rotation) is kept so that every printed word's place on the
scan is known.
"""

import io
import math
from dataclasses import dataclass, fields, replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from page import DPI, MM, FONTS


@dataclass(frozen=True)
class Recipe:
    """One way of degrading. A (low, high) pair is drawn from uniformly; lengths are millimetres or 300 dpi pixels."""

    dpi: object = DPI          #: sampling of the scan
    spread: object = 0.0       #: strokes grow (+) or shrink (-) by about this many pixels at 300 dpi
    fade: object = 0.0         #: 0 black ink ... 1 ink as white as paper
    blur: object = 0.0         #: Gaussian sigma in pixels at 300 dpi, before sampling
    bleed: object = 0.0        #: strength of the back side showing through
    stamp: bool = False        #: red stamp over the signature, or over text where there is none
    skew: object = 0.0         #: degrees, either direction when drawn from a range that starts at 0
    upside_down: bool = False
    light: object = 0.0        #: depth of the shadow over the page, 0..1 of white
    soft: object = 0.0         #: Gaussian sigma in scan pixels, after sampling
    noise: object = 0.0        #: standard deviation of the sensor's noise, grey levels
    grain: object = 0.0        #: like noise, but in blotches of a few pixels (paper, photocopy): breaks strokes
    specks: object = 0         #: number of dark specks
    threshold: object = None   #: grey level under which a pixel becomes black (1-bit scan)
    jpeg: object = None        #: quality


RECIPES = {
    "clean": Recipe(),
    "light": Recipe(skew=(0, 1), blur=0.8, noise=5, jpeg=50, dpi=200),
    "bilevel": Recipe(dpi=200, blur=0.9, noise=10, threshold=150),
    "uneven": Recipe(dpi=200, blur=0.9, light=0.62, noise=5, specks=200, jpeg=70),
    "bleed": Recipe(dpi=200, blur=0.9, bleed=0.35, noise=6, jpeg=60),
    "low": Recipe(dpi=150, blur=1.0, noise=14, jpeg=45),
    "skew3": Recipe(dpi=200, blur=0.8, skew=3, noise=5, jpeg=60),
    "skew5": Recipe(dpi=200, blur=0.8, skew=-5, noise=5, jpeg=60),
    "upside-down": Recipe(dpi=200, blur=0.8, skew=(0, 0.5), upside_down=True, noise=5, jpeg=60),
    "stamp": Recipe(dpi=200, blur=0.8, stamp=True, noise=5, jpeg=60),
    # small files, for fixtures
    "office": Recipe(dpi=150, blur=1.2, skew=(0, 0.6), noise=0, jpeg=18),
    "office-1bit": Recipe(dpi=200, blur=1.0, skew=(0, 0.3), threshold=140),
    # for training only
    "fax": Recipe(dpi=200, spread=(-0.3, 0.3), blur=(0.7, 1.5), grain=(5, 22), noise=(4, 15), threshold=(125, 180), skew=(0, 0.4)),
    "copy": Recipe(dpi=300, spread=(0.1, 1.1), blur=(0.8, 1.8), grain=(8, 30), threshold=(115, 175), skew=(0, 0.5)),
    "faint": Recipe(dpi=(200, 300), spread=(-0.5, 0.0), fade=(0.1, 0.35), blur=(0.8, 1.4), grain=(8, 20), threshold=(150, 185)),
    "worn": Recipe(dpi=300, spread=(0.5, 1.1), blur=(1.8, 2.5), grain=(22, 36), threshold=(150, 175), skew=(0, 0.4)),
    "rough": Recipe(dpi=(150, 190), spread=(0.1, 0.8), blur=(1.6, 2.3), grain=(12, 26), noise=(6, 14), threshold=(155, 180)),
    "pale": Recipe(dpi=200, spread=(-0.3, 0), fade=(0.15, 0.3), blur=(1.3, 1.7), grain=(10, 18), noise=(4, 9), threshold=(150, 172)),
    "coarse": Recipe(dpi=(120, 170), blur=(0.8, 1.6), noise=(6, 22), jpeg=(25, 60), skew=(0, 0.5)),
    "smear": Recipe(dpi=(150, 220), blur=(2.2, 3.8), spread=(0, 1.0), noise=(3, 10), jpeg=(25, 60)),
    "shade": Recipe(dpi=200, blur=(0.6, 1.2), light=(0.15, 0.45), noise=(4, 12), specks=(20, 300), jpeg=(40, 80)),
    "through": Recipe(dpi=200, blur=(0.6, 1.3), bleed=(0.15, 0.5), noise=(4, 10), jpeg=(40, 80)),
    "sheet": Recipe(dpi=(200, 300), skew=(0, 0.8), blur=(0.4, 1.2), noise=(2, 8), jpeg=(40, 85)),
}

#: shares of the recipes on training pages, by the model they are read with
MIXTURES = {
    "eng": {"clean": 0.14, "light": 0.14, "sheet": 0.22, "bilevel": 0.1, "fax": 0.1, "copy": 0.07, "coarse": 0.09,
            "shade": 0.05, "through": 0.05, "faint": 0.04},
    "Vietnamese": {"worn": 0.45, "rough": 0.3, "pale": 0.17, "smear": 0.04, "copy": 0.04},
}


@dataclass
class Scan:
    """A degraded page. `jpeg` is the quality it went through, None for a 1-bit or lossless one."""

    image: Image.Image
    dpi: int
    skew: float
    upside_down: bool
    jpeg: int = None

    def to_page(self, x, y):
        """A point of the scan in the typeset page's pixels (300 dpi, unrotated)."""
        width, height = self.image.size
        dx, dy = x - width / 2, y - height / 2
        if self.upside_down:
            dx, dy = -dx, -dy
        # the image was turned counter-clockwise by `skew`: turn the point back clockwise
        angle = math.radians(self.skew)
        bx = dx * math.cos(angle) - dy * math.sin(angle)
        by = dx * math.sin(angle) + dy * math.cos(angle)
        scale = DPI / self.dpi
        return bx * scale + width * scale / 2, by * scale + height * scale / 2


def drawn(recipe, rng):
    """The recipe with every range replaced by a number drawn from it."""
    values = {}
    for f in fields(recipe):
        value = getattr(recipe, f.name)
        if isinstance(value, tuple):
            low, high = value
            value = float(rng.uniform(low, high))
            if f.name == "skew" and low == 0 and rng.random() < 0.5:
                value = -value
            if f.name in ("dpi", "specks", "jpeg"):
                value = int(round(value))
        values[f.name] = value
    return replace(recipe, **values)


def degrade(page, recipe, rng, back=None):
    """The typeset `page` as scanned. `back`: the typeset image on the other side, for bleed-through (mirrored)."""
    r = drawn(recipe, rng)
    image = page.image
    if r.spread or r.fade or r.bleed:
        ink = spread_ink(image, r.spread)
        grey = np.asarray(ink, dtype=np.float32)
        grey = 255 - (255 - grey) * (1 - r.fade)
        if r.bleed and back is not None:
            ghost = back.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(2.5))
            shift = (int(rng.integers(-25, 25)), int(rng.integers(-25, 25)))
            ghost = ImageChops.offset(ghost, *shift)
            grey = np.minimum(grey, 255 - (255 - np.asarray(ghost, dtype=np.float32)) * r.bleed)
        image = Image.fromarray(grey.astype(np.uint8))
    if r.stamp:
        image = put_stamp(image.convert("RGB"), stamp_place(page, rng), rng)
    if r.blur:
        image = image.filter(ImageFilter.GaussianBlur(r.blur))
    white = 255 if image.mode == "L" else (255, 255, 255)
    if r.skew:
        image = image.rotate(r.skew, Image.Resampling.BICUBIC, fillcolor=white)
    if r.dpi != DPI:
        size = tuple(round(s * r.dpi / DPI) for s in image.size)
        image = image.resize(size, Image.Resampling.BOX if r.threshold is None else Image.Resampling.BICUBIC)
    if r.upside_down:
        image = image.transpose(Image.Transpose.ROTATE_180)
    image = sense(image, r, rng)
    if r.threshold is not None:
        image = image.convert("L").point(lambda v: 255 if v >= r.threshold else 0).convert("1", dither=Image.Dither.NONE)
    elif r.jpeg:
        image = recompressed(image, r.jpeg)
    return Scan(image, int(r.dpi), r.skew, r.upside_down, r.jpeg if r.threshold is None else None)


def spread_ink(image, amount):
    """Strokes grown or shrunk by about `amount` pixels: blur, then push the levels to one side."""
    if not amount:
        return image
    soft = image.filter(ImageFilter.GaussianBlur(abs(amount) + 0.5))
    edge = 128 + 75 * max(-1, min(1, amount / 1.6))
    return soft.point(lambda v: int(max(0, min(255, (v - edge) * 4 + 128))))


def sense(image, r, rng):
    """Light, softness, noise, blotches and dirt of the scanner, on the sampled image."""
    if r.soft:
        image = image.filter(ImageFilter.GaussianBlur(r.soft))
    if not (r.light or r.noise or r.grain or r.specks):
        return image
    grey = np.asarray(image, dtype=np.float32).copy()
    height, width = grey.shape[:2]
    layer = np.zeros((height, width), dtype=np.float32)
    if r.light:
        layer_light = shadow(width, height, r.light, rng)
        grey *= layer_light if grey.ndim == 2 else layer_light[:, :, None]
    if r.noise:
        layer += rng.standard_normal((height, width), dtype=np.float32) * r.noise
    if r.grain:
        small = rng.standard_normal((height // 2 + 1, width // 2 + 1), dtype=np.float32) * r.grain
        layer += np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    grey += layer if grey.ndim == 2 else layer[:, :, None]
    image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    if r.specks:
        pen = ImageDraw.Draw(image)
        unit = r.dpi / DPI
        for _ in range(int(r.specks)):
            x, y, size = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1, 4.5) * unit
            tone = int(rng.uniform(0, 110))
            pen.ellipse((x, y, x + size, y + size * rng.uniform(0.6, 1.4)), fill=tone if image.mode == "L" else (tone,) * 3)
    return image


def shadow(width, height, depth, rng):
    """A smooth field of light in 1-depth..1: a gradient from one corner and a dark band as by a book's gutter."""
    angle = rng.uniform(0, 2 * math.pi)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    slope = x * math.cos(angle) + y * math.sin(angle)
    slope = (slope - slope.min()) / (slope.max() - slope.min())
    centre, breadth = rng.uniform(-0.5, 0.5), rng.uniform(0.15, 0.35)
    band = np.exp(-((x - centre) / breadth) ** 2)
    return 1 - depth * np.clip(0.75 * slope + 0.35 * band, 0, 1)


def recompressed(image, quality):
    """The image after one pass through JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return Image.open(buffer).copy()


def stamp_place(page, rng):
    """Centre of the stamp: a third into the signature's words, as the rules want, else anywhere over text."""
    if page.signature:
        left, top, right, _ = page.signature
        return left + (right - left) * 0.25, top + 45 * MM * 0.45
    line = page.lines[int(rng.integers(0, len(page.lines)))]
    return rng.uniform(line.left, max(line.left + 1, line.right)), (line.top + line.bottom) / 2


def put_stamp(image, centre, rng):
    """A round red seal of 36 mm: two rings, a star, letters around; ink with gaps."""
    size = int(36 * MM)
    seal = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(seal)
    pen.ellipse((4, 4, size - 4, size - 4), outline=255, width=9)
    pen.ellipse((size * 0.2, size * 0.2, size * 0.8, size * 0.8), outline=255, width=4)
    points = []
    for k in range(10):
        radius = size * (0.17 if k % 2 == 0 else 0.07)
        angle = math.pi * k / 5 - math.pi / 2
        points.append((size / 2 + radius * math.cos(angle), size / 2 + radius * math.sin(angle)))
    pen.polygon(points, fill=255)
    font = ImageFont.truetype(FONTS["Arimo"].format("Bold"), 44)
    words = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM • "
    for k, letter in enumerate(words):
        angle = 360 * k / len(words)
        tile = Image.new("L", (70, 70), 0)
        ImageDraw.Draw(tile).text((35, 35), letter, fill=255, font=font, anchor="mm")
        tile = tile.rotate(-angle, Image.Resampling.BICUBIC)
        turn = math.radians(angle - 90)
        x, y = size / 2 + size * 0.4 * math.cos(turn), size / 2 + size * 0.4 * math.sin(turn)
        seal.paste(255, (int(x - 35), int(y - 35)), tile)
    seal = seal.rotate(rng.uniform(-20, 20), Image.Resampling.BICUBIC)
    cover = np.asarray(seal, dtype=np.float32) * np.clip(rng.normal(0.85, 0.2, (size, size)), 0.2, 1)
    x, y = int(centre[0] - size / 2), int(centre[1] - size / 2)
    layer = Image.new("RGB", image.size, (255, 255, 255))
    layer.paste((205, 40, 45), (x, y), Image.fromarray(cover.astype(np.uint8)))
    return ImageChops.multiply(image, layer)
