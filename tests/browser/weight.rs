//! What a page weighs when it is seen for the first time, and whether anything moves while it comes.

use crate::browser::{Browser, Scheme, Scripts};
use crate::harness::Hall;
use crate::journeys::{base, signed_in};
use crate::pages::Thread;

/// Bytes of a page with its styles, scripts, fonts and pictures, as they came over the wire.
const WEIGHT: &str =
    "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)";
/// All that moved without anybody having done anything, as Chromium measures it (Layout Instability API).
const MOVED: &str = "const done = arguments[0]; let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
        .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));";

#[test]
fn a_first_view_is_below_sixty_kilobytes_and_nothing_moves_in_it() {
    let hall = Hall::start();
    let thread = Thread::write(&hall);
    let visitor = Browser::start(&base(&hall), Scripts::On);
    weigh(&visitor, "/sign-in");
    let ida = signed_in(&hall, "Ida Asker", Scripts::On);
    for path in ["/", "/ask", "/tags", "/people", "/settings"] {
        weigh(&ida, path);
    }
    weigh(&ida, &format!("/questions/{}", thread.question));
}

fn weigh(browser: &Browser, path: &str) {
    for width in [1280, 360] {
        browser.screen(width, Scheme::Light);
        browser.open(path);
        let bytes = browser.script(WEIGHT).as_i64().unwrap();
        let moved = browser.script_async(MOVED).as_f64().unwrap();
        println!("{path} at {width} pixels: {bytes} bytes, moved by {moved}");
        assert!((1_000..60_000).contains(&bytes), "{path} takes {bytes} bytes");
        assert!(moved == 0.0, "{path} moves by {moved} at {width} pixels");
    }
}
