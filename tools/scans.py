#!/usr/bin/env python3
"""Typeset a plan or a text and degrade it as scanning does: image-only PDFs and PNG pages.

    scans.py plan corpus/a5.json --recipe light --seed 1 -o a5-light.pdf [--png DIR] [--text a5.txt]
    scans.py text FILE.txt --recipe bilevel --seed 1 -o out.pdf

The same arguments give the same bytes. Recipes are listed in degrade.py and README.md.
"""

import argparse
import json
import os
import time
import zlib

import numpy as np

from degrade import RECIPES, degrade
from page import Margins, Style
from plan_layout import plan_pages, text_pages

EPOCH = time.struct_time((2000, 1, 1, 0, 0, 0, 5, 1, 0))  # a fixed date inside the PDF keeps its bytes the same


def stream(seed, *names):
    """A random stream of its own for every (seed, name, ...): adding one page does not change another."""
    return np.random.default_rng([seed] + [zlib.crc32(str(n).encode()) for n in names])


def scan_pages(pages, recipe, seed, name):
    """Scans of typeset pages under a named recipe; each page's back is the next page."""
    for number, page in enumerate(pages, 1):
        back = pages[number % len(pages)].image
        yield degrade(page, RECIPES[recipe], stream(seed, name, recipe, number), back)


def write_pdf(path, scans):
    """An image-only PDF: 1-bit pages as CCITT G4, others as JPEG of the quality they were scanned with."""
    scans = list(scans)
    images = [s.image for s in scans]
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    quality = {} if images[0].mode == "1" else {"quality": scans[0].jpeg or 92}
    images[0].save(path, "PDF", save_all=True, append_images=images[1:], resolution=scans[0].dpi,
                   title="", creationDate=EPOCH, modDate=EPOCH, **quality)


def load(kind, path, size):
    with open(path, encoding="utf-8") as file:
        if kind == "plan":
            return plan_pages(json.load(file))
        return text_pages([line.strip() for line in file if line.strip()], Style(size=size), Margins())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["plan", "text"])
    parser.add_argument("input")
    parser.add_argument("--recipe", default="light", choices=sorted(RECIPES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=float, default=14, help="points, for running text")
    parser.add_argument("-o", "--pdf")
    parser.add_argument("--png", help="folder for PNG pages")
    parser.add_argument("--tiff", help="multi-page TIFF")
    parser.add_argument("--text", help="file for the text as printed, line by line")
    parser.add_argument("--pages", type=int, help="only the first so many pages")
    args = parser.parse_args()
    name = os.path.splitext(os.path.basename(args.input))[0]
    pages = load(args.kind, args.input, args.size)[: args.pages]
    scans = list(scan_pages(pages, args.recipe, args.seed, name))
    if args.pdf:
        write_pdf(args.pdf, scans)
    if args.png:
        os.makedirs(args.png, exist_ok=True)
        for number, scan in enumerate(scans, 1):
            scan.image.save(os.path.join(args.png, f"{name}-{args.recipe}-{number:02}.png"), dpi=(scan.dpi, scan.dpi))
    if args.tiff:
        bilevel = scans[0].image.mode == "1"
        scans[0].image.save(args.tiff, "TIFF", save_all=True, append_images=[s.image for s in scans[1:]],
                            compression="group4" if bilevel else "tiff_lzw", dpi=(scans[0].dpi, scans[0].dpi))
    if args.text:
        with open(args.text, "w", encoding="utf-8") as file:
            file.write("\n".join(page.text() for page in pages) + "\n")


if __name__ == "__main__":
    main()
