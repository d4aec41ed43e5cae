use super::*;

fn entry(name: &str, state: State) -> Entry {
    Entry {
        name: name.into(),
        path: Path::new("in").join(name),
        bytes: 7,
        stamp: Some("7 1.0 1.0 3".into()),
        sha256: Some("00ff".into()),
        media: Some("text/plain"),
        pages: Some(2),
        recipe: Recipe { tool: "sohoa 0".into(), ..Recipe::default() },
        state,
        failure: (state == State::Failed).then(|| Failure::new(Reason::Input, "empty")),
        started: SystemTime::UNIX_EPOCH,
        elapsed: Duration::from_millis(1500),
        grade: (state != State::Failed).then_some("good"),
        words: Some(100),
        doubtful: Some(1),
        warnings: Some(0),
        json: Some(Output { stamp: "j".into(), sha256: "jj".into() }),
        text: Some(Output { stamp: "t".into(), sha256: "tt".into() }),
        extras: vec![(Extra::Markdown, Output { stamp: "m".into(), sha256: "mm".into() })],
    }
}

#[test]
fn rows_come_back_and_replace_each_other() {
    use std::os::unix::ffi::OsStrExt;
    let out = tempfile::tempdir().expect("a folder");
    let records = lock_folder(out.path());
    let odd = PathBuf::from(std::ffi::OsStr::from_bytes(b"k\xff\n.txt"));
    let mut ledger = Ledger::open(&records).expect("made");
    assert_eq!(ledger.known(&odd).expect("asked"), None);
    let failed = Entry { name: odd.clone(), ..entry("", State::Failed) };
    ledger
        .commit(&Batch { entries: vec![&failed, &entry("a", State::DoneWithWarnings)], ..Batch::default() })
        .expect("written");
    ledger.commit(&Batch { entries: vec![&failed], ..Batch::default() }).expect("written");
    drop(ledger);
    let mut ledger = Ledger::open(&records).expect("opened");
    let known = ledger.known(&odd).expect("asked").expect("there");
    assert_eq!((known.state, known.sha256.as_deref()), (State::Failed, Some("00ff")));
    assert_eq!(known.extras, failed.extras);
    let seen = status(out.path(), 9).expect("read");
    assert_eq!((seen.failures[0].name.as_str(), seen.failures[0].attempts), ("k\u{fffd}\\n.txt", 2));
    ledger
        .commit(&Batch { entries: vec![&Entry { sha256: Some("01".into()), ..failed }], ..Batch::default() })
        .expect("written");
    assert_eq!(status(out.path(), 9).expect("read").failures[0].attempts, 1, "other content");
    let fresh = Refreshed {
        name: "a".into(),
        stamp: None,
        json_stamp: "J".into(),
        text_stamp: "T".into(),
        extras: Vec::new(),
    };
    ledger.commit(&Batch { refreshed: vec![&fresh], ..Batch::default() }).expect("written");
    let known = ledger.known(Path::new("a")).expect("asked").expect("there");
    assert_eq!((known.stamp, known.json.map(|json| json.stamp)), (None, Some("J".into())));
}

#[test]
fn figures_and_ranks() {
    let out = tempfile::tempdir().expect("a folder");
    assert!(matches!(status(out.path(), 3), Err(LedgerError::None(_))));
    let mut ledger = Ledger::open(&lock_folder(out.path())).expect("made");
    let poor = Entry { grade: Some("poor"), ..entry("poor", State::Done) };
    let slow = Entry { elapsed: Duration::from_secs(9), ..entry("slow", State::Done) };
    ledger
        .commit(&Batch { entries: vec![&poor, &slow, &entry("bad", State::Failed)], ..Batch::default() })
        .expect("written");
    let seen = status(out.path(), 1).expect("read");
    assert_eq!((seen.figures.documents, seen.figures.done, seen.figures.failed), (3, 2, 1));
    assert_eq!((seen.figures.pages, seen.figures.grades), (4, [1, 0, 1]));
    assert_eq!((seen.slowest[0].name.as_str(), seen.worst[0].name.as_str()), ("slow", "poor"));
    assert_eq!(seen.last_run, None);
    let (first, whole) = ledger.begin("sohoa 0").expect("noted");
    assert!(whole);
    ledger.end(first, &Totals { done: 2, ..Totals::default() }, false).expect("noted");
    let ended = status(out.path(), 1).expect("read").last_run.expect("a run");
    assert_eq!((ended.how.as_str(), ended.done), ("ended", Some(2)));
    let (_, whole) = ledger.begin("sohoa 0").expect("noted");
    assert!(whole);
    let (last, whole) = ledger.begin("sohoa 0").expect("noted");
    assert!(!whole, "the second one never ended");
    ledger.end(last, &Totals::default(), true).expect("noted");
    let (_, whole) = ledger.begin("sohoa 0").expect("noted");
    assert!(whole);
}

#[test]
fn a_damaged_ledger_is_put_aside_and_a_later_one_refused() {
    let out = tempfile::tempdir().expect("a folder");
    let records = lock_folder(out.path());
    std::fs::write(schema::path(&records), "no database, whatever it looks like ".repeat(99))
        .expect("written");
    let ledger = Ledger::open(&records).expect("made anew");
    ledger.connection.pragma_update(None, "user_version", 99).expect("set");
    drop(ledger);
    assert!(records.join("ledger.damaged-1").exists());
    assert!(matches!(Ledger::open(&records), Err(LedgerError::Newer { found: 99, .. })));
}

#[test]
fn a_ledger_without_its_tables_is_none_yet() {
    let out = tempfile::tempdir().expect("a folder");
    let path = schema::path(&lock_folder(out.path()));
    std::fs::write(&path, "").expect("written");
    assert!(Ledger::open_to_read(out.path()).expect("no error").is_none());
}

fn lock_folder(out: &Path) -> PathBuf {
    let records = crate::batch::lock::records(out);
    std::fs::create_dir_all(&records).expect("a folder");
    records
}

#[test]
fn what_is_no_document_is_noted_and_takes_no_document_s_place() {
    let out = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open(&lock_folder(out.path())).expect("made");
    let left_out = |path: &str, why| LeftOut { path: path.into(), name: "a".into(), why };
    let note = |ledger: &mut Ledger, what: &LeftOut| {
        ledger.commit(&Batch { left_out: vec![what], ..Batch::default() }).expect("written");
        let seen = status(out.path(), 9).expect("read");
        (seen.figures.documents, seen.figures.skipped, seen.skips.first().map(|s| s.why.clone()))
    };
    assert_eq!(note(&mut ledger, &left_out("/in/a", "a GIF image")), (0, 1, Some("a GIF image".into())));
    assert_eq!(note(&mut ledger, &left_out("/in/a", "an empty file")), (0, 1, Some("an empty file".into())));
    assert_eq!(ledger.known(Path::new("a")).expect("asked").map(|k| k.state), Some(State::Skipped));
    let done = Entry { path: "/in/a".into(), ..entry("a", State::Done) };
    ledger.commit(&Batch { entries: vec![&done], ..Batch::default() }).expect("written");
    assert_eq!(note(&mut ledger, &left_out("/elsewhere/a", "a GIF image")), (1, 0, None), "another input");
    assert_eq!(note(&mut ledger, &left_out("/in/a", "a GIF image")), (0, 1, Some("a GIF image".into())));
}

#[test]
fn a_ledger_of_an_earlier_format_is_read_and_brought_up_to_date() {
    let out = tempfile::tempdir().expect("a folder");
    let records = lock_folder(out.path());
    let mut ledger = Ledger::open(&records).expect("made");
    ledger.commit(&Batch { entries: vec![&entry("a", State::Done)], ..Batch::default() }).expect("written");
    let back = "ALTER TABLE documents DROP COLUMN extras; PRAGMA user_version = 1;";
    ledger.connection.execute_batch(back).expect("as it was");
    drop(ledger);
    let before = Ledger::open_to_read(out.path()).expect("read").expect("there");
    let known = before.known(Path::new("a")).expect("asked").expect("there");
    assert_eq!((known.state, known.extras.len()), (State::Done, 0));
    drop(before);
    let mut ledger = Ledger::open(&records).expect("opened");
    assert_eq!(ledger.known(Path::new("a")).expect("asked"), Some(known));
    ledger.commit(&Batch { entries: vec![&entry("a", State::Done)], ..Batch::default() }).expect("written");
    let known = ledger.known(Path::new("a")).expect("asked").expect("there");
    assert_eq!(known.extras, entry("a", State::Done).extras);
    let left_out = LeftOut { path: "/in/b".into(), name: "b".into(), why: "a GIF image" };
    ledger.commit(&Batch { left_out: vec![&left_out], ..Batch::default() }).expect("written");
    assert_eq!(status(out.path(), 9).expect("read").figures.skipped, 1);
}
