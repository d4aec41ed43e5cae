//! Numbers, shares and times as people read them.

/// Thousands apart, by a narrow space that does not break: right in Vietnamese and in English.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A share in per cent; none of nothing.
pub(super) fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".into(),
        _ => format!("{:.1}\u{a0}%", 100.0 * part as f64 / whole as f64),
    }
}

/// Milliseconds since 1970 as a day and a time (UTC).
pub(super) fn moment(millis: i64) -> String {
    let seconds = millis.div_euclid(1000);
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // the Gregorian calendar counted in eras of 400 years from 1 March of the year 0
    let shifted = day + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + later;
    format!("{day:02}/{month:02}/{year} {:02}:{:02} UTC", time / 3600, time % 3600 / 60)
}

/// A length of time in its two largest units.
pub(super) fn span(millis: i64) -> String {
    match (millis.max(0) + 500) / 1000 {
        s @ ..60 => format!("{s}\u{a0}s"),
        s @ 60..3600 => format!("{}\u{a0}min {}\u{a0}s", s / 60, s % 60),
        s => format!("{}\u{a0}h {}\u{a0}min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (seconds, shown) in [
            (0, "01/01/1970 00:00 UTC"),
            (951_782_399, "28/02/2000 23:59 UTC"),
            (951_782_400, "29/02/2000 00:00 UTC"),
            (1_704_067_199, "31/12/2023 23:59 UTC"),
            (4_107_542_400, "01/03/2100 00:00 UTC"),
        ] {
            assert_eq!(moment(seconds * 1000), shown);
        }
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            [count(7), count(1234), count(1_234_567)],
            ["7", "1\u{202f}234", "1\u{202f}234\u{202f}567"]
        );
        assert_eq!([share(1, 3), share(0, 0)], ["33.3\u{a0}%", "–"]);
        assert_eq!(
            [span(400), span(61_000), span(7_260_000)],
            ["0\u{a0}s", "1\u{a0}min 1\u{a0}s", "2\u{a0}h 1\u{a0}min"]
        );
    }
}
