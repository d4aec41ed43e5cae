//! Properties of restoration with the embedded dictionaries: what holds for any text, and what holds for right Vietnamese.

use std::ops::Range;

use proptest::prelude::*;
use sohoa::evaluate::printed;
use sohoa::evaluate::record::Record;
use sohoa::model::normal::ToneStyle;
use sohoa::model::{Decision, Page, RestoredPage, RestoredWord, normal};
use sohoa::restore::{Damage, Finish, Models, Options, Restorer};

/// Judged by the restorer itself, and both kinds of damage.
const DAMAGES: [Option<Damage>; 3] = [None, Some(Damage::Garbled), Some(Damage::Slight)];

fn restored(text: &str, damage: Option<Damage>) -> RestoredPage {
    let restorer = Restorer::new(Models::embedded(), Options { damage, ..Options::default() });
    restorer.page(Page::from_text(1, Decision::Text, text))
}

/// What has to hold whatever the text is.
fn check(text: &str, page: &RestoredPage) {
    let raw = &page.page.raw;
    assert_eq!(*raw, normal::raw_text(text), "the raw text is kept");
    assert_eq!(page.text.split('\n').count(), raw.split('\n').count(), "lines of {raw:?}");
    assert_eq!(page.text, normal::nfc(&page.text), "NFC");

    // pieces ascend on both sides, and leave out nothing but white space and what is said to stand for nothing
    let mut left = raw.clone();
    for word in page.words.iter().filter(|w| w.restored.is_empty()) {
        left.replace_range(word.raw.clone(), &" ".repeat(word.raw.len()));
    }
    let (mut shown, mut read) = (0, 0);
    for piece in page.map.pieces() {
        assert!(shown <= piece.restored.start && piece.restored.start <= piece.restored.end, "{raw:?}");
        assert!(read <= piece.raw.start && piece.raw.start < piece.raw.end, "{raw:?}");
        let gap = (&page.text[shown..piece.restored.start], &left[read..piece.raw.start]);
        assert!(gap.0.trim().is_empty() && gap.1.trim().is_empty(), "{gap:?} in no piece of {raw:?}");
        // both are cut between letters: slicing would panic otherwise
        let both = (&page.text[piece.restored.clone()], &raw[piece.raw.clone()]);
        assert!(!both.0.contains('\n') || both.1.contains('\n'), "{both:?}");
        (shown, read) = (piece.restored.end, piece.raw.end);
    }
    assert!(page.text[shown..].trim().is_empty() && left[read..].trim().is_empty(), "the end of {raw:?}");

    // whatever differs is said to be changed: undoing the changes gives the raw text back
    let changes = page.changes.iter().map(|c| (&c.raw, &c.restored));
    assert_eq!(undone(page, changes), *raw);
    assert!(page.changes.iter().all(|c| raw[c.raw.clone()] != page.text[c.restored.clone()]));

    // so does undoing all words, which ascend and stay in their lines
    assert_eq!(undone(page, page.words.iter().map(|w| (&w.raw, &w.restored))), *raw);
    let sane = |p: f32| (0.0..=1.0 + 1e-4).contains(&p);
    let (mut shown, mut read) = (0, 0);
    for word in &page.words {
        assert!(shown <= word.restored.start && word.restored.start <= word.restored.end, "{raw:?}");
        assert!(read <= word.raw.start && word.raw.start < word.raw.end, "{raw:?}");
        assert!(!raw[word.raw.clone()].contains('\n') && !page.text[word.restored.clone()].contains('\n'));
        assert!(sane(word.confidence) && word.runner_up.as_ref().is_none_or(|(_, p)| sane(*p)), "{word:?}");
        // the map says the same of it
        if !page.text[word.restored.clone()].trim().is_empty() {
            assert_eq!(page.raw(word.restored.clone()), word.raw, "{raw:?}");
        }
        (shown, read) = (word.restored.end, word.raw.end);
    }

    // changes and doubts are those of the words
    let same = |a: &RestoredWord, raw: &Range<usize>, p: f32| a.raw == *raw && a.confidence == p;
    assert!(page.changes.iter().all(|c| page.words.iter().any(|w| same(w, &c.raw, c.confidence))));
    let doubtful: Vec<&RestoredWord> = page.words.iter().filter(|w| w.doubtful).collect();
    assert_eq!(doubtful.len(), page.doubts.len());
    assert!(page.doubts.iter().zip(doubtful).all(|(d, w)| same(w, &d.raw, d.confidence)));
}

/// The page's text with the given ranges, raw and restored, put back.
fn undone<'a>(
    page: &RestoredPage,
    ranges: impl Iterator<Item = (&'a Range<usize>, &'a Range<usize>)>,
) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for (raw, restored) in ranges {
        out += &page.text[done..restored.start];
        out += &page.page.raw[raw.clone()];
        done = restored.end;
    }
    out + &page.text[done..]
}

/// How many words of `page` are not as they were, and how many words there are.
fn touched(page: &RestoredPage) -> (usize, usize) {
    (page.changes.len(), page.page.raw.split_whitespace().count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_restored(text in any::<String>()) {
        for damage in DAMAGES {
            check(&text, &restored(&text, damage));
        }
    }

    #[test]
    fn what_looks_like_vietnamese_is_restored(
        text in "([a-zA-Zăâđêôơưáàảãạ]{1,7}[0-9.,;:/()!'\"\u{300}\u{301}\u{323}\u{0}-]{0,2}[ \n\t\u{a0}\r]{0,2}){0,14}"
    ) {
        for damage in DAMAGES {
            check(&text, &restored(&text, damage));
        }
    }

    #[test]
    fn footnotes_and_markers_may_stand_anywhere(
        lines in prop::collection::vec("([1-4a-d][.,)]? ?)?([a-zA-Zđ]{1,4}[%®°'\"1-3²,;]?[ \t]){0,6}(12 ?/KH-UBND)?\n{1,2}", 0..8),
        notes in 0..3_usize,
    ) {
        let notes: String = (1..=notes).map(|n| format!("\n{n} 15/KH-UBND ngay 3/2/2020\n")).collect();
        let text = lines.concat() + &notes;
        for damage in DAMAGES {
            check(&text, &restored(&text, damage));
        }
    }

    #[test]
    fn finished_pages_keep_their_offsets(
        text in "([a-zđ%]{1,5}[.,)]?[ \t\n]|hoá |khoẻ, |Thúy\n|1, U|481 /KH-UBND ){0,12}",
        least in 0.0..=1.0_f32,
        tone in prop::option::of(prop_oneof![Just(ToneStyle::Old), Just(ToneStyle::New)]),
    ) {
        for damage in DAMAGES {
            let page = restored(&text, damage);
            let finished = Finish { least, tone }.apply(page.clone());
            check(&text, &finished);
            prop_assert_eq!(page.words.len(), finished.words.len());
            for (before, after) in page.words.iter().zip(&finished.words) {
                prop_assert_eq!(&before.raw, &after.raw);
                let (raw, new) = (&page.page.raw[before.raw.clone()], &finished.text[after.restored.clone()]);
                let now = &page.text[before.restored.clone()];
                let kept = if before.confidence < least { raw } else { now };
                prop_assert_eq!(new, match tone {
                    None => kept.to_owned(),
                    Some(ToneStyle::Old) => normal::to_old_tone(kept),
                    Some(ToneStyle::New) => normal::to_new_tone(kept),
                });
            }
            prop_assert_eq!(Finish::default().apply(page.clone()), page);
        }
    }
}

#[test]
fn texts_on_the_edge() {
    let marks = "\u{301}".repeat(500);
    for text in [
        "",
        "\n",
        "\n\n \n",
        "\0",
        "\0Ke\0 ho\0ach\0",
        "\u{301}",
        " \u{323}\u{302} a\u{301}\u{300}\u{309}",
        "Ke\u{302}\u{301} hoa\u{323}ch",
        &marks,
        &format!("a{marks}b"),
        "\u{feff}Ke hoach\u{200b}\u{200d}\u{ad}",
        "a\u{2028}b\u{85}c\u{c}d\r\ne\rf",
        "\u{1f468}\u{200d}\u{1f469} ﬁ Ǆ ß İ ŉ 漢字 עברית",
        "--------------- ......... ///// \"\"\"'''",
        "1) ) (( 1: 2° ' \" |||",
        "a\tb\u{a0}c\u{3000}d\u{200b}e\u{2003}f",
        "\u{1100}\u{1161}\u{11a8} \u{ac00}\u{11a8}",
        "kh% oa x® i\n\n1 15/KH-UBND ngay 3/2/2020\n\n2 7/QD-UBND ngay 4/5/2021\n",
        "So 481 /KH-UBND\n1, Uy ban\nd) xa\nd) thon\n",
    ] {
        for damage in DAMAGES {
            check(text, &restored(text, damage));
        }
    }
}

#[test]
fn very_long_lines_take_no_longer_than_short_ones() {
    let words = "Uy ban nhan din xa chi dao trien khai ke hoach nay, ";
    let line = words.repeat(200_000 / words.len());
    check(&line, &restored(&line, None));
    for word in ["n", "ngh", "7", "ê", ")", "\u{301}a"] {
        let run = word.repeat(200_000 / word.len());
        check(&run, &restored(&run, Some(Damage::Garbled)));
    }
}

/// Words cost time, so most of these lines is what a scanner makes of rules, dotted lines and edges.
#[test]
fn lines_of_a_megabyte_are_restored() {
    let words = "Ke\u{302}\u{301}\0 \u{323}hoach% \u{1f468}\u{200d} n\u{e0}y\t12 /KH-UBND";
    let part = format!("{words} {} {:400}", ".".repeat(200), "\u{301}".repeat(100));
    let line = part.repeat((1 << 20) / part.len() + 1);
    check(&line, &restored(&line, Some(Damage::Garbled)));
    let word = "ngh7%".repeat((1 << 20) / 5);
    check(&word, &restored(&word, None));
}

/// What looks for a partner, a sibling or a count must not look through the whole page for each mark.
#[test]
fn pages_of_marks_are_restored() {
    let wrong = "thông nhât sản. phẩm xđ kg tthg ngg\n".repeat(50);
    let marks = [
        ". ",
        ") ",
        "\" ",
        "mục l ",
        "l. Á\n",
        "5, Xử\n",
        "Chương H\n",
        "IH. A\nV. B\n",
        "h) x\n¡) Hai\n",
        "- . Á\n",
        "\"kiểm ",
        "d một\n",
    ];
    for mark in marks {
        let page = wrong.clone() + &mark.repeat(200_000 / mark.len());
        check(&page, &restored(&page, Some(Damage::Slight)));
    }
}

/// Right Vietnamese as offices write it.
const RIGHT: &str = "\
Ủy ban nhân dân phường giao Trạm Y tế chủ trì, phối hợp với các trường học tổ chức khám sức khỏe cho học sinh.
Căn cứ Luật Tổ chức chính quyền địa phương, các phòng chuyên môn báo cáo kết quả trước ngày 15 tháng 6 năm 2025.
Công chức Văn hóa - Xã hội tham mưu quyết định phê duyệt danh sách hộ nghèo, hộ cận nghèo năm 2026.
Người đứng đầu đơn vị chịu trách nhiệm nếu để xảy ra chậm trễ trong giải quyết thủ tục hành chính.
Đề nghị Mặt trận Tổ quốc Việt Nam xã tăng cường công tác tuyên truyền, vận động nhân dân thực hiện.
1. Mục đích: nâng cao nhận thức của cán bộ, đảng viên về phòng, chống thiên tai và biến đổi khí hậu.
";

#[test]
fn right_vietnamese_stays_as_it_is() {
    for damage in [None, Some(Damage::Slight)] {
        let page = restored(RIGHT, damage);
        check(RIGHT, &page);
        let (changed, words) = touched(&page);
        assert!(changed * 100 <= words, "{changed} of {words}: {:?}", changes(&page));
    }
}

#[test]
fn what_no_reader_takes_for_a_letter_stays() {
    for text in ["🙂", "Ké hoach 🙂 nam 2021", "год 計画 tram"] {
        for damage in [None, Some(Damage::Garbled), Some(Damage::Slight)] {
            let page = restored(text, damage);
            let foreign = |text: &str| text.chars().filter(|c| !c.is_ascii() && *c > '\u{1f00}').count();
            assert_eq!(foreign(&page.text), foreign(text), "{text:?} became {:?}", page.text);
        }
    }
}

#[test]
fn plans_without_a_fault_stay_as_they_are() {
    for json in [include_str!("../corpus/a2.json"), include_str!("../corpus/a4.json")] {
        let text = printed::paged(&Record::from_json(json).expect("a plan"));
        let page = restored(&text, None);
        check(&text, &page);
        let (changed, words) = touched(&page);
        assert!(words > 1000 && changed * 100 <= words, "{changed} of {words}: {:?}", changes(&page));
    }
}

#[test]
fn restoring_again_changes_almost_nothing() {
    let garbled = include_str!("../fixtures/a5-garbled.txt");
    let once = restored(garbled, None);
    check(garbled, &once);
    let (changed, words) = touched(&once);
    assert!(changed * 2 > words, "the fixture is garbled: {changed} of {words}");
    let twice = restored(&once.text, None);
    let (changed, words) = touched(&twice);
    assert!(changed * 50 <= words, "{changed} of {words}: {:?}", changes(&twice));
}

/// What a failed test shows.
fn changes(page: &RestoredPage) -> Vec<(&str, &str)> {
    page.changes.iter().map(|c| (&page.page.raw[c.raw.clone()], &page.text[c.restored.clone()])).collect()
}
