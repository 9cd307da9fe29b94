//! What the streaming reader promises, on small and on hostile files.

use super::reader::{Fault, RowProblem, Rows};
use super::rows::{BadgeRow, PostRow, Row, VoteRow};
use crate::imports::input::{Input, MAX_ROW, ReadError, pack};

type Read<R> = Vec<Result<Result<R, RowProblem>, ReadError>>;

fn read_limited<R: Row>(bytes: impl Into<Vec<u8>>, limit: u64) -> Read<R> {
    Rows::new(Input::from_bytes("Posts.xml", bytes.into(), limit).unwrap()).collect()
}

fn read<R: Row>(bytes: impl Into<Vec<u8>>) -> Read<R> {
    read_limited(bytes, MAX_ROW)
}

fn posts(rows: &str) -> String {
    format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<posts>\r\n{rows}</posts>")
}

const QUESTION: &str = r#"  <row Id="1" PostTypeId="1" AcceptedAnswerId="3" CreationDate="2016-08-02T15:39:14.947" Score="-5"
    Body="&lt;p&gt;What&amp;#39;s &quot;this&quot;?&lt;/p&gt;&#xA;&#x1F600;" OwnerUserId="8" Title="A &lt;b&gt;" Tags="&lt;x&gt;" Unknown="x" />
"#;
const VOTE: &str = r#"<row Id="1" PostId="2" VoteTypeId="2" CreationDate="2016-08-02T00:00:00.000" />"#;

fn only_error<R: Row>(mut rows: Read<R>) -> (usize, ReadError) {
    let error = rows.pop().unwrap().err().unwrap();
    assert!(rows.iter().all(Result::is_ok));
    (rows.len(), error)
}

#[test]
fn a_row_is_read_with_its_references_resolved_and_absent_attributes_none() {
    let mut rows = read::<PostRow>(posts(QUESTION));
    assert_eq!(rows.len(), 1);
    let post = rows.remove(0).unwrap().unwrap();
    assert_eq!((post.id, post.kind, post.accepted_answer_id, post.score), (1, 1, Some(3), Some(-5)));
    assert_eq!(post.body, "<p>What&#39;s \"this\"?</p>\n\u{1f600}");
    assert_eq!(post.title.as_deref(), Some("A <b>"));
    assert_eq!(post.tags.as_deref(), Some("<x>"));
    assert_eq!(post.created_at, 1_470_152_354_947_000);
    assert_eq!((post.parent_id, post.closed_at, post.owner_name, post.license), (None, None, None, None));
}

#[test]
fn packed_and_plain_files_and_rows_with_an_end_tag_read_alike() {
    let plain = posts(QUESTION);
    let packed = pack::gzip(plain.as_bytes());
    let closed = plain.replace(" />", "></row>");
    for bytes in [plain.into_bytes(), packed, closed.into_bytes()] {
        assert_eq!(read::<PostRow>(bytes)[0].as_ref().unwrap().as_ref().unwrap().id, 1);
    }
}

#[test]
fn a_file_without_rows_is_read_to_its_end() {
    assert!(read::<PostRow>(posts("")).is_empty());
    assert!(read::<PostRow>("<posts/>").is_empty());
}

#[test]
fn a_wrong_row_is_a_problem_with_its_field_and_reading_goes_on() {
    let broken = [
        (r#"<row PostId="2" VoteTypeId="2" CreationDate="2016-08-02T00:00:00" />"#, Fault::Missing("Id")),
        (
            r#"<row Id="7" PostId="" VoteTypeId="2" CreationDate="2016-08-02T00:00:00" />"#,
            Fault::Missing("PostId"),
        ),
        (r#"<row Id="7" PostId="2e5" VoteTypeId="2" CreationDate="x" />"#, Fault::Malformed("PostId")),
        (r#"<row Id="7" PostId="99999999999999999999" VoteTypeId="2" />"#, Fault::Malformed("PostId")),
        (
            r#"<row Id="7" PostId="2" VoteTypeId="2" CreationDate="2016-02-31T00:00:00" />"#,
            Fault::Malformed("CreationDate"),
        ),
        (
            r#"<row Id="7" PostId="&nope;" VoteTypeId="2" CreationDate="2016-08-02T00:00:00" />"#,
            Fault::Malformed("PostId"),
        ),
        (r#"<row Id="7" PostId=2 VoteTypeId="2" CreationDate="2016-08-02T00:00:00" />"#, Fault::Unreadable),
        (
            r#"<row Id="7" Id="8" PostId="2" VoteTypeId="2" CreationDate="2016-08-02T00:00:00" />"#,
            Fault::Unreadable,
        ),
    ];
    for (row, fault) in broken {
        let rows = read::<VoteRow>(posts(&format!("{row}{VOTE}")));
        assert_eq!(rows.len(), 2, "{row}");
        assert_eq!(rows[0].as_ref().unwrap().as_ref().unwrap_err().fault, fault, "{row}");
        assert!(rows[1].as_ref().unwrap().is_ok(), "{row}");
    }
}

#[test]
fn a_problem_tells_file_row_place_and_kind() {
    let row = r#"<row Id="7" PostId="2" VoteTypeId="8" CreationDate="never" />"#;
    let rows = read::<VoteRow>(format!("<votes>{row}</votes>"));
    let problem = rows[0].as_ref().unwrap().as_ref().unwrap_err();
    assert_eq!(problem.type_id, Some(8));
    assert_eq!(problem.to_string(), "Votes, row 7 at byte 7 (unpacked): CreationDate malformed");
}

#[test]
fn a_truncated_file_gives_the_rows_before_and_then_says_where_it_ends() {
    let whole = posts(&QUESTION.repeat(3));
    for cut in ["</posts>".len(), 30, QUESTION.len() + 8 - 20] {
        let (rows, error) = only_error(read::<PostRow>(&whole.as_bytes()[..whole.len() - cut]));
        let expected = if cut == 8 { 3 } else { 2 };
        assert_eq!(rows, expected, "cut {cut}");
        assert!(
            matches!(error, ReadError::Truncated { rows: r, .. } if r == expected as u64),
            "cut {cut}: {error}"
        );
        assert!(error.to_string().contains("Posts.xml ends too early, at byte "), "{error}");
    }
    let (rows, error) = only_error(read::<PostRow>(Vec::new()));
    assert!(rows == 0 && matches!(error, ReadError::Truncated { at: 0, .. }), "{error}");
}

#[test]
fn a_damaged_gzip_is_an_error_naming_the_byte() {
    let whole = posts(&(1..4000).map(|i| VOTE.replace("\"1\"", &format!("\"{i}\""))).collect::<String>());
    let mut packed = pack::gzip(whole.as_bytes());
    let middle = packed.len() / 2;
    for byte in &mut packed[middle..middle + 64] {
        *byte ^= 0x5a;
    }
    let (_, error) = only_error(read::<VoteRow>(packed.clone()));
    assert!(matches!(error, ReadError::Unreadable { .. } | ReadError::Malformed { .. }), "{error}");
    let (_, error) = only_error(read::<VoteRow>(&packed[..middle]));
    assert!(matches!(error, ReadError::Unreadable { at: 1.., .. }), "{error}");
}

#[test]
fn what_is_not_a_dump_is_refused_with_what_was_found() {
    for (text, said) in [
        ("<!doctype html><html><body>404</body></html>", "<body> stands where <row> was expected"),
        ("<posts>words</posts>", "there is text between the rows"),
        ("<posts><row Id=\"1\"><row/></row></posts>", "<row> stands where <row> was expected"),
        ("<posts></posts><posts></posts>", "<posts> stands where <row> was expected"),
        ("<posts></users>", "is not well-formed"),
        ("{\"id\": 1}", "there is text between the rows"),
    ] {
        let error = read::<VoteRow>(text).into_iter().find_map(Result::err).unwrap();
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
}

#[test]
fn invalid_utf8_stops_reading_with_the_place() {
    let mut bytes = posts(VOTE).into_bytes();
    let at = bytes.len() - 20;
    bytes[at] = 0xff;
    let (_, error) = only_error(read::<VoteRow>(bytes));
    assert!(matches!(error, ReadError::Malformed { .. }), "{error}");
}

#[test]
fn a_row_beyond_the_limit_is_refused_without_being_buffered() {
    let long = QUESTION.replace("Title=\"A", &format!("Title=\"{}", "x".repeat(100_000)));
    let text = posts(&format!("{QUESTION}{long}"));
    assert_eq!(read_limited::<PostRow>(text.as_bytes(), 200_000).len(), 2);
    let (rows, error) = only_error(read_limited::<PostRow>(text.as_bytes(), 1000));
    assert_eq!(rows, 1);
    assert!(matches!(error, ReadError::RowTooLarge { rows: 1, limit: 1000, .. }), "{error}");
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let bomb = "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
        <badges><row Id=\"1\" UserId=\"1\" Name=\"&b;\" Date=\"2016-08-02T00:00:00\"/></badges>";
    let rows = read::<BadgeRow>(bomb);
    assert_eq!(rows[0].as_ref().unwrap().as_ref().unwrap_err().fault, Fault::Malformed("Name"));
}

#[test]
fn a_null_character_becomes_the_replacement_character() {
    let row = "<badges><row Id=\"1\" UserId=\"1\" Name=\"a\u{0}b\" Date=\"2016-08-02T00:00:00\"/></badges>";
    let rows = read::<BadgeRow>(row);
    assert_eq!(rows[0].as_ref().unwrap().as_ref().unwrap().name, "a\u{fffd}b");
}
