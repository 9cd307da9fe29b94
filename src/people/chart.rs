//! A member's points over time as steps, and as the line that a page draws.

use crate::accounts::pages::{Graph, GraphStep};
use crate::clock::{DAY, Micros};

use super::period::{day_name, monday, month, next_month};

/// Up to so many days a step is a week, beyond a month.
const WEEKLY: i64 = 366;
/// The drawing's size, in units of its own.
const WIDTH: i64 = 600;
const HEIGHT: i64 = 120;

/// The graph of rows (when, points), oldest first, above what has no day: it ends at the sum of all. None without rows.
pub fn graph(person: i64, rows: &[(Micros, i64)], without_day: i64, now: Micros) -> Option<Graph> {
    let (first, last) = (rows.first()?.0, rows.last()?.0);
    let now = now.max(last);
    let weekly = now - first <= WEEKLY * DAY;
    let begin = if weekly { monday(first) } else { month(first) };
    let mut steps = Vec::new();
    let (mut at, mut total, mut rows) = (begin, without_day, rows.iter().peekable());
    while at <= now {
        let end = if weekly { at + 7 * DAY } else { next_month(at) };
        let mut points = 0;
        let mut changes = 0;
        while let Some((_, more)) = rows.next_if(|(when, _)| *when < end) {
            points += more;
            changes += 1;
        }
        total += points;
        let (from, until) = (day_name(at), day_name(end - 1));
        let href = format!("/people/{person}/reputation?counted=1&from={from}&until={until}");
        steps.push(GraphStep { begin: at, points, changes, total, href });
        at = end;
    }
    let totals: Vec<i64> = std::iter::once(without_day).chain(steps.iter().map(|step| step.total)).collect();
    let (least, most) = (
        totals.iter().copied().min().unwrap_or_default().min(0),
        totals.iter().copied().max().unwrap_or_default().max(1),
    );
    let line = line(&totals, least, most);
    Some(Graph {
        weekly,
        begin,
        // The day, not the moment: a page that says the same is the same page, and is found again.
        end: now / DAY * DAY,
        most,
        least,
        area: format!("M0 {HEIGHT}L{line}L{WIDTH} {HEIGHT}Z"),
        line: format!("M{line}"),
        without_day,
        total,
        // Newest first, and only those in which something happened.
        steps: steps.into_iter().rev().filter(|step| step.changes > 0).collect(),
    })
}

/// Points of a line from left to right, `least` at the bottom.
fn line(totals: &[i64], least: i64, most: i64) -> String {
    let last = totals.len().max(2) as i64 - 1;
    let height = (most - least).max(1);
    let points = totals.iter().zip(0_i64..).map(|(total, n)| {
        let (x, y) = (WIDTH * n / last, HEIGHT - HEIGHT * (total - least) / height);
        format!("{x} {y}")
    });
    points.collect::<Vec<_>>().join("L")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::period::day;

    #[test]
    fn a_graph_ends_at_the_sum_and_its_steps_are_weeks_or_months() {
        let at = |said: &str| day(said).unwrap();
        let rows = [(at("2026-11-02"), 10), (at("2026-11-08"), 5), (at("2026-11-23"), -2)];
        let graph = graph(4, &rows, 100, at("2026-11-26")).unwrap();
        assert!(graph.weekly);
        assert_eq!(graph.total, 113);
        let steps: Vec<_> =
            graph.steps.iter().map(|step| (day_name(step.begin), step.points, step.total)).collect();
        assert_eq!(steps, [("2026-11-23".to_owned(), -2, 113), ("2026-11-02".to_owned(), 15, 115)]);
        assert!(
            graph.steps[1].href.ends_with("&from=2026-11-02&until=2026-11-08"),
            "{}",
            graph.steps[1].href
        );
        assert_eq!(graph.line, "M0 16L150 0L300 0L450 0L600 3");

        let rows = [(at("2024-12-31"), 10), (at("2026-02-01"), 5)];
        let graph = super::graph(4, &rows, 0, at("2026-02-20")).unwrap();
        assert!(!graph.weekly);
        assert!(graph.steps[1].href.ends_with("&from=2024-12-01&until=2024-12-31"));
        assert!(graph.steps[0].href.ends_with("&from=2026-02-01&until=2026-02-28"));
    }

    #[test]
    fn where_there_is_no_row_there_is_no_graph() {
        assert!(graph(4, &[], 5, 0).is_none());
    }
}
