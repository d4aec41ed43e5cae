#!/usr/bin/env python3
"""Mine (observed, true) word pairs: typeset, degrade, read with Tesseract, align.

    pairs.py plans corpus/*.json --recipes light --models eng Vietnamese -o OUT   whole documents, to measure on
    pairs.py mine CORPUS.txt.xz[:WEIGHT]... --model eng --documents 300 --seed 1 -o OUT   training pairs from invented documents

`mine` appends to OUT/{name}.tsv: source, recipe, observed, true; and writes OUT/pages/{recipe}-{source}.{model}.obs.txt, .raw.txt
(the engine's own order) and .true.txt. Documents are numbered from --first on; a number, a seed and the corpora determine a
document entirely, so a run can be continued or divided.
"""

import argparse
import json
import os
import sys
from multiprocessing import Pool

from align import align_page, letter_distance, ordered_text
from degrade import MIXTURES, RECIPES, degrade
from invent import Invention, Stock
from ocr import raw_text, recognise
from plan_layout import plan_pages
from scans import scan_pages, stream, write_pdf

FOUND = 0.5  # a page of which less is found is a layout failure


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n") + "\n")


def syllable_errors(seen, true):
    """Token edit distance and number of true tokens."""
    a, b = tuple(seen.split()), tuple(true.split())
    return letter_distance.__wrapped__(a, b), len(b)


def read_plan(job):
    """Scans one plan under one recipe, reads it with every model; one report line a model."""
    path, recipe, models, seed, out, level = job
    name = os.path.splitext(os.path.basename(path))[0]
    with open(path, encoding="utf-8") as file:
        pages = plan_pages(json.load(file))
    scans = list(scan_pages(pages, recipe, seed, name))
    write_pdf(f"{out}/{name}-{recipe}.pdf", scans)
    true = "\n".join(page.text() for page in pages)
    write(f"{out}/{name}.true.txt", true)
    even = level and bool(RECIPES[recipe].light)
    readings = [recognise(scan, models, even=even) for scan in scans]
    report = []
    for model in models:
        tag = f"{out}/{name}-{recipe}{'-even' if even else ''}.{model}"
        seen = "\n".join(ordered_text(p, s, r[model]) for p, s, r in zip(pages, scans, readings))
        write(tag + ".obs.txt", seen)
        write(tag + ".raw.txt", "\n\f\n".join(raw_text(r[model]) for r in readings))
        rows = [f"{p.seen}\t{p.true}" for page, s, r in zip(pages, scans, readings) for p in align_page(page, s, r[model])[0]]
        write(tag + ".pairs.tsv", "\n".join(rows))
        wrong, count = syllable_errors(seen, true)
        report.append((name, recipe + ("-even" if even else ""), model, wrong, count))
    return report


def plans(args):
    jobs = [(p, r, tuple(args.models), args.seed, args.out, args.even_light) for r in args.recipes for p in args.plans]
    os.makedirs(args.out, exist_ok=True)
    totals = {}
    with Pool(args.jobs) as pool:
        for report in pool.imap_unordered(read_plan, jobs):
            with open(f"{args.out}/errors.tsv", "a", encoding="utf-8") as file:
                for name, recipe, model, wrong, count in report:
                    print(name, recipe, model, f"{100 * wrong / count:.2f} %", flush=True)
                    file.write(f"{name}\t{recipe}\t{model}\t{wrong}\t{count}\n")
                    total = totals.setdefault((recipe, model), [0, 0])
                    total[0] += wrong
                    total[1] += count
    for (recipe, model), (wrong, count) in sorted(totals.items()):
        print(f"{recipe}\t{model}\t{100 * wrong / count:.2f} % of {count} tokens")


def mine_one(number):
    """One invented document: typeset, degraded by a drawn recipe, read, aligned."""
    args, stock = SHARED["args"], SHARED["stock"]
    rng = stream(args.seed, "document", number)
    pages = Invention(stock, rng).pages(args.pages)
    mixture = MIXTURES.get(args.mixture or args.model[0]) or MIXTURES["Vietnamese"]
    recipe = args.recipe or str(rng.choice(list(mixture), p=[v / sum(mixture.values()) for v in mixture.values()]))
    out = {model: [] for model in args.model}
    for k, page in enumerate(pages):
        scan = degrade(page, RECIPES[recipe], stream(args.seed, "scan", number, k), pages[(k + 1) % len(pages)].image)
        for model, seen in recognise(scan, args.model, even=bool(RECIPES[recipe].light)).items():
            pairs, found = align_page(page, scan, seen)
            if found < FOUND:
                continue
            source = f"{args.seed}.{number}.{k + 1}"
            out[model].append((source, recipe, [(p.seen, p.true) for p in pairs]))
            base = f"{args.out}/pages/{recipe}-{source}"
            write(f"{base}.{model}.obs.txt", ordered_text(page, scan, seen))
            write(f"{base}.{model}.raw.txt", raw_text(seen))
            write(f"{base}.true.txt", page.text())
    return number, recipe, out


SHARED = {}  # set before the workers fork


def mine(args):
    SHARED.update(args=args, stock=Stock(args.corpora, args.seed))
    counts = {model: [0, 0] for model in args.model}
    os.makedirs(args.out, exist_ok=True)
    files = {m: open(f"{args.out}/{args.name or m}{'' if len(args.model) == 1 or not args.name else '.' + m}.tsv", "a",
                     encoding="utf-8") for m in args.model}
    with Pool(args.jobs) as pool:
        for number, recipe, out in pool.imap_unordered(mine_one, range(args.first, args.first + args.documents)):
            for model, pages in out.items():
                for source, kind, pairs in pages:
                    wrong = [p for p in pairs if p[0] != p[1]]
                    counts[model][0] += len(pairs)
                    counts[model][1] += len(wrong)
                    rows = wrong if args.erroneous_only else pairs
                    files[model].write("".join(f"{source}\t{kind}\t{a}\t{b}\n" for a, b in rows))
                files[model].flush()
            if number % 10 == 0:
                print(number, recipe, counts, flush=True)
    print("pairs, of them wrong:", counts, file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    p = commands.add_parser("plans", help="scan, read and measure plans")
    p.add_argument("plans", nargs="+")
    p.add_argument("--recipes", nargs="+", default=["light"], choices=sorted(RECIPES))
    p.add_argument("--models", nargs="+", default=["eng", "Vietnamese"])
    p.add_argument("--even-light", action="store_true", help="level the light of unevenly lit pages before reading")
    p = commands.add_parser("mine", help="training pairs")
    p.add_argument("corpora", nargs="+", help="FILE.txt[.xz][:weight]")
    p.add_argument("--model", nargs="+", default=["eng"])
    p.add_argument("--name", help="name of the TSV instead of the model's")
    p.add_argument("--mixture", choices=sorted(MIXTURES), help="default: the first model's")
    p.add_argument("--recipe", choices=sorted(RECIPES), help="one recipe instead of a mixture")
    p.add_argument("--documents", type=int, default=100)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--pages", type=int, default=2, help="at most so many pages a document")
    p.add_argument("--erroneous-only", action="store_true", help="leave out pairs that were read rightly")
    for p in commands.choices.values():
        p.add_argument("--seed", type=int, default=1)
        p.add_argument("--jobs", type=int, default=2)
        p.add_argument("-o", "--out", default="out/pairs")
    args = parser.parse_args()
    plans(args) if args.command == "plans" else mine(args)


if __name__ == "__main__":
    main()
