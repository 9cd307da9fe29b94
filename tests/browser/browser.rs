//! Chromium, driven as a person would use it: open, type, click, press keys, look.
//!
//! Every browser has a chromedriver, a profile and a session of its own, so that two people are two browsers. The
//! calls wait until what they are about is there, within the deadline of the driver, and fail the test otherwise.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::{Locator, TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use ureq::http::Method;
use url::Url;

use crate::harness::Folder;

const PATIENCE: Duration = Duration::from_secs(60);

/// What the browser may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As usual.
    On,
    /// No page runs any script.
    Off,
}

/// Light or dark, as the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A person's browser. Ends when dropped.
pub struct Browser {
    base: String,
    client: Option<Client>,
    runtime: Runtime,
    driver: Child,
    _profile: Folder,
}

impl Browser {
    /// Starts one that will visit `base`.
    pub fn start(base: &str, scripts: Scripts) -> Browser {
        let profile = Folder::new();
        let (driver, port) = driver();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let capabilities = capabilities(&profile, scripts);
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await
        });
        let client = client.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let patience = TimeoutConfiguration::new(Some(PATIENCE), Some(PATIENCE), Some(Duration::ZERO));
        runtime.block_on(client.update_timeouts(patience)).unwrap();
        Browser { base: base.to_owned(), client: Some(client), runtime, driver, _profile: profile }
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("the browser is open")
    }

    /// Opens a path of the hall, or a whole address.
    #[track_caller]
    pub fn open(&self, place: &str) {
        let address = if place.starts_with('/') { format!("{}{place}", self.base) } else { place.to_owned() };
        self.runtime.block_on(self.client().goto(&address)).unwrap();
    }

    /// The path of the page that is open, without its query.
    pub fn path(&self) -> String {
        self.runtime.block_on(self.client().current_url()).unwrap().path().to_owned()
    }

    /// The page's text, as it is shown.
    #[track_caller]
    pub fn text(&self) -> String {
        self.text_of("body")
    }

    /// The shown text of the first element that matches.
    #[track_caller]
    pub fn text_of(&self, css: &str) -> String {
        let element = self.find(css);
        self.runtime.block_on(element.text()).unwrap()
    }

    /// How many elements match now.
    pub fn count(&self, css: &str) -> usize {
        self.runtime.block_on(self.client().find_all(Locator::Css(css))).unwrap().len()
    }

    /// Writes into the field of this name, whatever stood there.
    #[track_caller]
    pub fn fill(&self, name: &str, text: &str) {
        self.fill_in(&format!("[name=\"{name}\"]"), text);
    }

    /// Writes into the field that matches.
    #[track_caller]
    pub fn fill_in(&self, css: &str, text: &str) {
        let field = self.find(css);
        self.runtime.block_on(async {
            field.clear().await.unwrap();
            field.send_keys(text).await.unwrap();
        });
    }

    /// Clicks, and waits for the page that follows, if one does.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        if let Err(error) = self.runtime.block_on(element.click()) {
            panic!("cannot click {css} at {}: {error}", self.path());
        }
    }

    /// Presses a key somewhere, with the keys in `held` held down.
    pub fn press(&self, key: Key, held: &[Key]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for held in held {
            actions = actions.then(KeyAction::Down { value: (*held).into() });
        }
        actions =
            actions.then(KeyAction::Down { value: key.into() }).then(KeyAction::Up { value: key.into() });
        for held in held.iter().rev() {
            actions = actions.then(KeyAction::Up { value: (*held).into() });
        }
        self.runtime.block_on(self.client().perform_actions(actions)).unwrap();
    }

    /// Types text into whatever has the focus.
    pub fn type_text(&self, text: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for letter in text.chars() {
            actions = actions.then(KeyAction::Down { value: letter }).then(KeyAction::Up { value: letter });
        }
        self.runtime.block_on(self.client().perform_actions(actions)).unwrap();
    }

    /// Waits until something matches and gives it.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        self.find(css);
    }

    #[track_caller]
    fn find(&self, css: &str) -> fantoccini::elements::Element {
        let found = self
            .runtime
            .block_on(async { self.client().wait().at_most(PATIENCE).for_element(Locator::Css(css)).await });
        found.unwrap_or_else(|error| {
            let page = self.runtime.block_on(self.client().source()).unwrap_or_default();
            let end = page.char_indices().nth(6_000).map_or(page.len(), |(at, _)| at);
            panic!("nothing matches {css} at {}: {error}\n{}", self.path(), &page[..end])
        })
    }

    /// Runs a script as a person with the developer tools would, and gives what it returns.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.runtime.block_on(self.client().execute(script, Vec::new())).unwrap()
    }

    /// Runs a script that ends by calling its last argument.
    #[track_caller]
    pub fn script_async(&self, script: &str) -> Value {
        self.runtime.block_on(self.client().execute_async(script, Vec::new())).unwrap()
    }

    /// Forgets every cookie, as when a session has run out.
    pub fn drop_cookies(&self) {
        self.runtime.block_on(self.client().delete_all_cookies()).unwrap();
    }

    /// A screen of this width, and what the person prefers.
    pub fn screen(&self, width: u32, scheme: Scheme) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tools("Emulation.setDeviceMetricsOverride", metrics);
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value},
            {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.tools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// A picture of the whole page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        use base64::Engine;
        let answer =
            self.tools("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
        base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// A command of the developer tools.
    #[track_caller]
    fn tools(&self, command: &str, parameters: Value) -> Value {
        let command = Tools(json!({"cmd": command, "params": parameters}));
        self.runtime.block_on(self.client().issue_cmd(command)).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A browser that is gone already need not be closed.
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Chromedriver's way to the developer tools.
#[derive(Debug)]
struct Tools(Value);

impl WebDriverCompatibleCommand for Tools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

fn driver() -> (Child, u16) {
    let mut driver = Command::new("chromedriver")
        .args(["--port=0", "--log-level=WARNING"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver (Debian: chromium-driver) is installed");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Read on, or the driver would wait for its words to be taken.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port.expect("chromedriver says its port"))
}

fn capabilities(profile: &Folder, scripts: Scripts) -> serde_json::Map<String, Value> {
    let mut arguments =
        vec![format!("--user-data-dir={}", profile.path().display()), "--window-size=1280,900".to_owned()];
    let quiet = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        "--lang=en-US",
    ];
    arguments.extend(quiet.map(str::to_owned));
    let mut preferences = json!({
        "credentials_enable_service": false,
        "profile.password_manager_enabled": false,
        "profile.password_manager_leak_detection": false,
    });
    if scripts == Scripts::Off {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let capabilities = json!({
        "browserName": "chrome",
        "unhandledPromptBehavior": "accept",
        "goog:chromeOptions": { "args": arguments, "prefs": preferences },
    });
    capabilities.as_object().cloned().unwrap()
}
