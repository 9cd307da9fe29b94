//! Mentions: `@handle` in what somebody wrote, outside of code.

/// Handles that are looked at in one text: who names more names nobody.
pub const MENTIONS_MOST: usize = 10;

/// The handles a Markdown text names, without `@`, in lower case, each once, in their order.
#[must_use]
pub fn mentions(source: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in source.lines() {
        let bare = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None)
                if !line.starts_with("    ") && !line.starts_with('\t') && !bare.starts_with('>') =>
            {
                of_line(line, &mut found);
            }
            _ => {}
        }
        if found.len() >= MENTIONS_MOST {
            break;
        }
    }
    found.truncate(MENTIONS_MOST);
    found
}

fn of_line(line: &str, found: &mut Vec<String>) {
    let mut code = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if c == '`' {
            code = !code;
        }
        let begins = c == '@' && !code && !before.is_alphanumeric() && !"./@_-:".contains(before);
        if begins {
            let after = line.get(at + 1..).unwrap_or_default();
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
                .unwrap_or(after.len());
            let handle = after.get(..end).unwrap_or_default().trim_end_matches(['-', '_']).to_lowercase();
            // `@ann@example.org` is an address of somewhere else.
            let elsewhere = after.get(end..).unwrap_or_default().starts_with('@');
            if handle.len() >= 2 && !elsewhere && !found.contains(&handle) {
                found.push(handle);
                if found.len() >= MENTIONS_MOST {
                    return;
                }
            }
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn handles_are_found_outside_of_code_and_addresses() {
        let text = "@Ann, see @bo-k. Or ask @ann again.\nmail cy@example.com or @dan@example.org\n`@eve`\n```\n@fay\n```\n\
                    \n    @gil\n> @hal said\n(@ida) http://x/@jim";
        assert_eq!(mentions(text), ["ann", "bo-k", "ida"]);
    }

    #[test]
    fn who_names_very_many_names_ten() {
        let text: String = (0..50_000).map(|n| format!("@member{n} ")).collect();
        assert_eq!(mentions(&text).len(), 10);
    }
}
