//! Ctrl-C and SIGTERM.

use std::sync::Arc;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::execute::cancel::Cancel;

/// Cancels a run on the first signal; a second one ends the program at once, as does one before the run.
pub fn watch(cancel: &Arc<Cancel>) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let cancel = cancel.clone();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if cancel.signal().is_some() || !cancel.is_running() {
                std::process::exit(128 + signal);
            }
            cancel.cancel(signal);
        }
    });
}
