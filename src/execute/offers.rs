//! Batches that every worker may build: whoever has no node to run helps the worker of the model.

use std::ops::Range;
use std::sync::{Arc, MutexGuard, PoisonError};

use crate::execute::microbatch::{Model, Part};
use crate::execute::{Run, State, Worker, lock};

/// Batches of one model.
pub(super) struct Offer {
    model: Arc<Model>,
    untaken: Range<usize>,
    running: usize,
    ended: Vec<Part>,
}

impl State {
    /// A batch that nobody builds yet.
    pub(super) fn take_batch(&mut self) -> Option<(Arc<Model>, usize)> {
        self.offers.iter_mut().find_map(Offer::take)
    }

    fn offer(&mut self, model: &Arc<Model>) -> Option<&mut Offer> {
        self.offers.iter_mut().find(|offer| Arc::ptr_eq(&offer.model, model))
    }

    fn withdraw(&mut self, model: &Arc<Model>) -> Vec<Part> {
        let at = self.offers.iter().position(|offer| Arc::ptr_eq(&offer.model, model));
        at.map(|at| self.offers.swap_remove(at).ended).unwrap_or_default()
    }
}

impl Offer {
    fn take(&mut self) -> Option<(Arc<Model>, usize)> {
        let number = self.untaken.next()?;
        self.running += 1;
        Some((self.model.clone(), number))
    }
}

impl Run<'_> {
    /// Builds these batches of a model with whoever has time.
    pub(super) fn together(&self, model: &Arc<Model>, untaken: Range<usize>, worker: Worker<'_>) -> Vec<Part> {
        let mut guard = lock(&worker.pool.state);
        guard.offers.push(Offer { model: model.clone(), untaken, running: 0, ended: Vec::new() });
        worker.pool.changed.notify_all();
        loop {
            match guard.offer(model).map(|offer| (offer.take(), offer.running)) {
                Some((Some((_, number)), _)) => {
                    drop(guard);
                    guard = self.help(model, number, worker);
                }
                None | Some((None, 0)) => return guard.withdraw(model),
                Some(_) => guard = worker.pool.changed.wait(guard).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Builds a batch that was taken.
    pub(super) fn help<'a>(&self, model: &Arc<Model>, number: usize, worker: Worker<'a>) -> MutexGuard<'a, State> {
        let ended = self.part(model, number, worker);
        let mut guard = lock(&worker.pool.state);
        if let Some(offer) = guard.offer(model) {
            offer.running -= 1;
            offer.ended.push(ended);
        }
        worker.pool.changed.notify_all();
        guard
    }
}
