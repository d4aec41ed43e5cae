"""Tesseract's reading of a scan, as words with boxes.

Limits: one page a call, one thread (OMP_THREAD_LIMIT=1, or OpenMP triples the cost); page segmentation mode 3.
"""

import csv
import os
import subprocess
import tempfile
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1"}
SCRATCH = "/dev/shm" if os.path.isdir("/dev/shm") else None


@dataclass
class Seen:
    """A word as recognised: text, box in scan pixels, the number of its line, confidence 0..100."""

    text: str
    left: int
    top: int
    width: int
    height: int
    line: tuple
    confidence: float


def recognise(scan, models, psm=3, even=False):
    """{model: [Seen, ...]} for a scan; `even` levels uneven light first, as a careful reader would."""
    image = even_light(scan.image) if even else scan.image
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        path = os.path.join(folder, "page.png")
        image.save(path, dpi=(scan.dpi, scan.dpi), compress_level=1)
        return {model: read_with(path, model, scan.dpi, psm) for model in models}


def read_with(path, model, dpi, psm):
    command = ["tesseract", path, "stdout", "-l", model, "--psm", str(psm), "--dpi", str(dpi), "tsv"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, timeout=180, check=True)
    seen = []
    for row in csv.DictReader(done.stdout.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and row["text"].strip():
            box = [int(row[k]) for k in ("left", "top", "width", "height")]
            line = tuple(int(row[k]) for k in ("block_num", "par_num", "line_num"))
            seen.append(Seen(row["text"].strip(), *box, line, float(row["conf"])))
    return seen


def raw_text(seen):
    """The reading in the engine's own order of lines."""
    lines = {}
    for word in seen:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(words) for words in lines.values())


def even_light(image):
    """Slight blur, then division by the local background: rescues pages lit unevenly."""
    grey = image.convert("L").filter(ImageFilter.GaussianBlur(1))
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    ground = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(6)).resize(grey.size, Image.Resampling.BICUBIC)
    a, b = np.asarray(grey, dtype=np.float32), np.maximum(np.asarray(ground, dtype=np.float32), 1)
    return Image.fromarray(np.clip(a / b * 255, 0, 255).astype(np.uint8))
