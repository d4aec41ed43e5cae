"""Tone marks stacked above the circumflex or breve, as Times New Roman draws them.

Free fonts of the same metrics set the tone beside the circumflex (ố with the acute to the right); Microsoft's Times New
Roman, in which most of these documents are typed, sets it on top, higher than any other letter. Readers take such a tall
mark for dirt or lose it (thống read as thông), so training pages must show it.

A stacked letter is drawn as the letter without its tone, and the tone cut out of the plain vowel's glyph (ó minus o).
"""

import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw

TONES = "\u0300\u0301\u0303\u0309"
HATS = "\u0302\u0306"
SIDE = {"\u0300": -0.05, "\u0301": 0.06, "\u0303": 0.0, "\u0309": 0.03}  # em to the right of the hat's centre


@lru_cache(maxsize=None)
def taken_apart(letter):
    """(letter without its tone, plain vowel, tone) when it carries both a hat and a tone above, else None."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((c for c in parts if c in TONES), None)
    if tone is None or not any(c in HATS for c in parts):
        return None
    return unicodedata.normalize("NFC", parts.replace(tone, "")), parts[0], tone


@lru_cache(maxsize=None)
def tone_tile(font, vowel, tone):
    """The tone mark alone, as a mask cropped to its ink."""
    box = font.getbbox(vowel)
    tile = Image.new("L", (int(font.size * 2), int(box[1])), 0)  # rows above the plain vowel
    ImageDraw.Draw(tile).text((font.size * 0.5, 0), unicodedata.normalize("NFC", vowel + tone), fill=255, font=font)
    ink = tile.getbbox()
    return tile.crop(ink) if ink else None


def draw_stacked(image, draw, x, y, text, font):
    """Draws `text` with its top left (ascender) at x, y, tones stacked over hats."""
    apart = [taken_apart(c) for c in text]
    bare = "".join(a[0] if a else c for a, c in zip(apart, text))
    draw.text((x, y), bare, fill=0, font=font)
    for k, parts in enumerate(apart):
        if parts is None:
            continue
        tile = tone_tile(font, parts[1], parts[2])
        if tile is None:
            continue
        left, top, right, _ = font.getbbox(parts[0])
        middle = x + font.getlength(bare[:k]) + (left + right) / 2 + SIDE[parts[2]] * font.size
        # the tone's foot overlaps the hat's peak slightly
        place = (round(middle - tile.width / 2), round(y + top - tile.height + 0.02 * font.size))
        image.paste(0, place, tile)
