//! Editing and history of any post, as pages.
