//! Files from the web.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::secrets::scrub;

/// The largest file that is taken.
const MOST_BYTES: u64 = 1 << 30;
const ATTEMPTS: u32 = 3;

/// The bytes at an address. What looks like a passing fault is tried again.
///
/// # Errors
/// Nobody answers, or with an error.
pub fn get(url: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(300)));
    let agent: ureq::Agent = config.user_agent(concat!("karat/", env!("CARGO_PKG_VERSION"))).build().into();
    let mut attempt = 1;
    loop {
        match fetch(&agent, url) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if attempt < ATTEMPTS && may_pass(&error) => {
                std::thread::sleep(Duration::from_millis(300 * u64::from(attempt)));
                attempt += 1;
            }
            Err(error) => {
                let problem = format!("can't download {}: {}", scrub(url), scrub(&error.to_string()));
                return Err(Box::new(
                    Diagnostic::error("download-failed", problem)
                        .hint("check the address and the network; HTTPS_PROXY names a proxy"),
                ));
            }
        }
    }
}

fn fetch(agent: &ureq::Agent, url: &str) -> Result<Vec<u8>, ureq::Error> {
    agent.get(url).call()?.body_mut().with_config().limit(MOST_BYTES).read_to_vec()
}

fn may_pass(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::StatusCode(code) => *code >= 500 || *code == 429,
        ureq::Error::BadUri(_) | ureq::Error::BodyExceedsLimit(_) => false,
        _ => true,
    }
}
