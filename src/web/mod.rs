pub mod assets;
pub mod formats;
#[cfg(test)]
pub mod gallery;
pub mod pages;
pub mod render;
pub mod shell;
pub mod words;
