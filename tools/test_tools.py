"""Tests of the scan generator and the aligner: `python3 -m unittest discover -s tools`. Needs no Tesseract and no corpus."""

import json
import os
import unittest

import numpy as np

from align import Pair, align_line, align_page, letter_distance, ordered_text, plausible, skeleton
from degrade import MIXTURES, RECIPES, Scan, degrade
from marks import taken_apart
from ocr import Seen
from page import DPI, Flow, Line, Style, Word, break_lines
from plan_layout import issuer_lines, marker, plan_pages
from scans import stream

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "corpus")


def plan(name):
    with open(os.path.join(CORPUS, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def printed_tokens(value):
    """Every token of every string in a plan's printed fields."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list):
        return [t for v in value for t in printed_tokens(v)]
    if isinstance(value, dict):
        return [t for k, v in value.items() if k != "label" for t in printed_tokens(v)]
    return []


class Typesetting(unittest.TestCase):
    def test_every_word_of_a_plan_is_printed(self):
        """No paragraph, footnote or table cell is lost (words broken after a hyphen are joined again)."""
        for name in ("a4", "b6", "c4"):
            source = plan(name)
            text = " ".join(page.text() for page in plan_pages(source))
            text = text.replace("-\n", "-").replace("\n", "").replace(" ", "")
            for key in ("preamble", "sections", "closing", "footnotes", "attached"):
                for token in printed_tokens(source.get(key) or []):
                    self.assertIn(token, text, f"{name} {key}")

    def test_nothing_is_set_outside_the_paper(self):
        for page in plan_pages(plan("a3")):
            for line in page.lines:
                self.assertGreater(line.left, 0)
                self.assertLess(line.right, page.image.width)
                self.assertLess(line.bottom, page.image.height)

    def test_breaks_after_a_hyphen(self):
        style = Style()
        words = [("giai", style), ("đoạn", style), ("2022-2025", style)]
        width = style.font.getlength("giai đoạn 2022-") + 2
        lines = [[w for w, _ in line] for line in break_lines(words, width)]
        self.assertEqual(lines, [["giai", "đoạn", "2022-"], ["2025"]])

    def test_footnote_stands_on_the_page_of_its_mark(self):
        flow = Flow(footnotes={"1": "Theo số liệu của Sở."})
        flow.paragraph("Tỷ lệ đạt 90%¹ so với kế hoạch.")
        flow.new_page()
        flow.paragraph("Trang sau.")
        first, second = flow.finish()
        self.assertIn("¹ Theo số liệu của Sở.", first.text())
        self.assertNotIn("Theo", second.text())

    def test_markers_and_issuers(self):
        self.assertEqual([marker(l) for l in ("I", "1.1", "đ", "Điều 2", "-", "(1)")], ["I.", "1.1.", "đ)", "Điều 2.", "-", "(1)"])
        self.assertEqual(issuer_lines("UỶ BAN NHÂN DÂN HUYỆN A"), ["UỶ BAN NHÂN DÂN", "HUYỆN A"])

    def test_stacked_tones_are_drawn_higher(self):
        tops = []
        for stacked in (False, True):
            flow = Flow(Style(stacked=stacked))
            flow.paragraph("ố", indent=0)
            tops.append(flow.finish()[0].image.point(lambda v: 255 - v).getbbox()[1])
        self.assertLess(tops[1], tops[0])
        self.assertEqual(taken_apart("ố"), ("ô", "o", "\u0301"))
        self.assertIsNone(taken_apart("ó"))
        self.assertIsNone(taken_apart("ộ"))


class Degrading(unittest.TestCase):
    def test_same_seed_same_scan(self):
        pages = plan_pages(plan("a5"))
        for recipe in ("light", "bilevel", "stamp", "bleed"):
            one, two = (degrade(pages[1], RECIPES[recipe], stream(3, "a5", recipe), pages[0].image) for _ in range(2))
            self.assertEqual(one.image.tobytes(), two.image.tobytes(), recipe)
        other = degrade(pages[1], RECIPES["light"], stream(4, "a5", "light"))
        again = degrade(pages[1], RECIPES["light"], stream(3, "a5", "light"))
        self.assertNotEqual(other.image.tobytes(), again.image.tobytes())

    def test_recipes_have_the_shape_they_promise(self):
        page = plan_pages(plan("a5"))[0]
        self.assertEqual(degrade(page, RECIPES["bilevel"], stream(1)).image.mode, "1")
        self.assertEqual(degrade(page, RECIPES["stamp"], stream(1)).image.mode, "RGB")
        low = degrade(page, RECIPES["low"], stream(1))
        self.assertEqual((low.dpi, low.image.size), (150, (1240, 1754)))
        for mixture in MIXTURES.values():
            self.assertAlmostEqual(sum(mixture.values()), 1, places=6)
            self.assertLessEqual(set(mixture), set(RECIPES))

    def test_place_on_the_scan_is_known(self):
        """A dark square is found where to_page says, for rotated, reduced and turned scans."""
        for recipe in ("skew5", "upside-down", "low"):
            flow = Flow()
            flow.paragraph("x")
            page = flow.finish()[0]
            page.image.paste(255, (0, 0, *page.image.size))
            page.image.paste(0, (600, 900, 640, 940))
            scan = degrade(page, RECIPES[recipe], stream(2, recipe))
            dark = np.argwhere(np.asarray(scan.image.convert("L")) < 90)
            y, x = dark.mean(axis=0)
            px, py = scan.to_page(x + 0.5, y + 0.5)
            self.assertLess(abs(px - 620) + abs(py - 920), 8, recipe)


class Aligning(unittest.TestCase):
    line = Line([Word("cải", 0, 50), Word("cách", 60, 130), Word("hành", 140, 220), Word("chính", 230, 320)], 0, 60, 1)

    def pairs(self, *words):
        return [(p.seen, p.true) for p in align_line(self.line, list(words)) if plausible(p)]

    def test_one_to_one(self):
        seen = [("cai", 0, 50), ("cich", 60, 130), ("hanh", 140, 220), ("chinh", 230, 320)]
        self.assertEqual(self.pairs(*seen), [("cai", "cải"), ("cich", "cách"), ("hanh", "hành"), ("chinh", "chính")])

    def test_merge_and_split(self):
        merged = [("caicich", 0, 130), ("hanh", 140, 220), ("chinh", 230, 320)]
        self.assertEqual(self.pairs(*merged)[0], ("caicich", "cải cách"))
        split = [("cai", 0, 50), ("ca", 60, 95), ("ch", 98, 130), ("hanh", 140, 220), ("chinh", 230, 320)]
        self.assertEqual(self.pairs(*split)[1], ("ca ch", "cách"))

    def test_symbols_align_by_place(self):
        self.assertEqual(self.pairs(("¢6", 60, 130)), [("¢6", "cách")])

    def test_noise_is_left_alone(self):
        self.assertEqual(self.pairs(("~", 900, 910)), [])
        self.assertEqual(self.pairs(("cai", 0, 50), ("|", 52, 56), ("cich", 60, 130))[:2], [("cai", "cải"), ("cich", "cách")])

    def test_reading_order_does_not_matter(self):
        page = plan_pages(plan("a5"))[0]
        scan = Scan(page.image, DPI, 0.0, False)
        seen = [Seen(w.text, int(w.left), int(l.top), int(w.right - w.left), int(l.bottom - l.top), (1, 1, k), 90.0)
                for k, l in enumerate(page.lines) for w in l.words]
        pairs, found = align_page(page, scan, seen[::-1])
        self.assertEqual(found, 1.0)
        self.assertTrue(all(p.seen == p.true for p in pairs))
        self.assertEqual(ordered_text(page, scan, seen[::-1]), page.text())

    def test_letter_distance(self):
        self.assertEqual(letter_distance("kitten", "sitting"), 3)
        self.assertEqual(skeleton("Đường"), "duong")
        self.assertFalse(plausible(Pair("abc", "xyz", 1.0, 0.8)))


if __name__ == "__main__":
    unittest.main()
