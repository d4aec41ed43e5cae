"""Recognised words against printed ones.

A recognised word belongs to the printed line on which its centre falls (the scan's rotation undone), so reading order,
columns and tables play no part. Inside a line a dynamic programme pairs tokens 1:1, 1:2 (a split) or 2:1 (a merge), or leaves
one out. The cost of a pair is

    0.7 * letters + 1.0 * place (+ 0.45 when tokens are joined)

where `letters` is the edit distance of the two, lower-cased and without marks, over the longer length, and `place` is one
minus the overlap of their stretches over their union. Leaving a token out costs 0.55, so that a speck beside a word
(`| Văn`) is left out rather than joined to it, and a real split (`ca ch`) is joined. Complexity: tokens² a line.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from page import DPI

SKIP = 0.55
JOIN = 0.45


@dataclass
class Pair:
    """What was seen for what is printed; either side holds a space when two tokens stand against one."""

    seen: str
    true: str
    letters: float
    place: float


@lru_cache(maxsize=300_000)
def skeleton(text):
    """Lower-case base letters: marks and the stroke of đ taken off."""
    bare = (c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(bare).replace("đ", "d").replace(" ", "")


@lru_cache(maxsize=500_000)
def letter_distance(a, b):
    """Levenshtein distance (row by row) of two short strings."""
    if a == b:
        return 0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def letters_apart(seen, true):
    a, b = skeleton(seen), skeleton(true)
    return letter_distance(a, b) / max(1, len(a), len(b))


def place_apart(a, b):
    """One minus intersection over union of two stretches (left, right)."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    return 1 - max(0.0, both) / max(1.0, max(a[1], b[1]) - min(a[0], b[0]))


def by_line(page, scan, seen):
    """For each printed line the recognised words on it, from left to right, as (text, left, right) in page pixels; and the
    words on no line, as (text, left, y)."""
    placed = {id(line): [] for line in page.lines}
    loose = []
    for word in seen:
        x, y = scan.to_page(word.left + word.width / 2, word.top + word.height / 2)
        half = word.width / 2 * DPI / scan.dpi
        best, line_of = 0.62, None
        for line in page.lines:
            if line.left - 45 <= x <= line.right + 45:
                off = abs(y - (line.top + line.bottom) / 2) / (line.bottom - line.top)
                if off < best:
                    best, line_of = off, line
        if line_of is None or word.height * DPI / scan.dpi > 2.5 * (line_of.bottom - line_of.top):
            loose.append((word.text, x, y))
        else:
            placed[id(line_of)].append((word.text, x - half, x + half))
    for words in placed.values():
        words.sort(key=lambda w: w[1] + w[2])
    return placed, loose


def align_line(line, words):
    """Pairs of one line. `words` as from by_line."""
    true = [(w.text, w.left, w.right) for w in line.words]
    n, m = len(words), len(true)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    step = [[None] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            if i == j == 0:
                continue
            choices = []
            if i:
                choices.append((best[i - 1][j] + SKIP, (1, 0, None)))
            if j:
                choices.append((best[i][j - 1] + SKIP, (0, 1, None)))
            for a, b in ((1, 1), (1, 2), (2, 1)):
                if i >= a and j >= b:
                    pair = joined(words[i - a:i], true[j - b:j])
                    cost = 0.7 * pair.letters + pair.place + (JOIN if a + b == 3 else 0)
                    choices.append((best[i - a][j - b] + cost, (a, b, pair)))
            best[i][j], step[i][j] = min(choices, key=lambda c: c[0])
    pairs, i, j = [], n, m
    while i or j:
        a, b, pair = step[i][j]
        if pair:
            pairs.append(pair)
        i, j = i - a, j - b
    return pairs[::-1]


def joined(seen, true):
    a, b = " ".join(w[0] for w in seen), " ".join(w[0] for w in true)
    return Pair(a, b, letters_apart(a, b), place_apart((seen[0][1], seen[-1][2]), (true[0][1], true[-1][2])))


def plausible(pair):
    """Same place, or about the same place and similar letters."""
    if pair.place <= 0.35:
        return True
    return pair.place + pair.letters <= 1.0 and pair.letters <= 0.6


def align_page(page, scan, seen):
    """(pairs, share of printed tokens that found a partner). Lines of which less than half is found are left out: they are
    layout failures, not misreadings."""
    placed, _ = by_line(page, scan, seen)
    pairs, found, printed = [], 0, 0
    for line in page.lines:
        kept = [p for p in align_line(line, placed[id(line)]) if plausible(p)]
        covered = sum(p.true.count(" ") + 1 for p in kept)
        printed += len(line.words)
        if covered * 2 >= len(line.words):
            pairs += kept
            found += covered
    return pairs, found / max(1, printed)


def ordered_text(page, scan, seen):
    """The recognised words in the printed order of rows: what a reader of the page would write down of them. Words that stand
    on no line (specks, seals) join the nearest row, or make one of their own."""
    placed, loose = by_line(page, scan, seen)
    rows = [[min(l.top for l in row), max(l.bottom for l in row),
             [w for l in row for w in placed[id(l)]]] for row in page.rows()]
    for text, x, y in loose:
        near = min(rows, key=lambda r: abs((r[0] + r[1]) / 2 - y), default=None)
        if near and near[0] - 10 <= y <= near[1] + 10:
            near[2].append((text, x, x))
            near[2].sort(key=lambda w: w[1])
        else:
            rows.append([y - 20, y + 20, [(text, x, x)]])
    rows.sort(key=lambda r: r[0])
    return "\n".join(" ".join(w[0] for w in words) for _, _, words in rows if words)
