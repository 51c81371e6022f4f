//! Lists and maps that are made while they are written.

use serde::{Serialize, Serializer};

/// A list of what the function's iterator gives.
pub(super) struct List<F>(pub F);

impl<F, I> Serialize for List<F>
where
    F: Fn() -> I,
    I: IntoIterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A map of the pairs that the function's iterator gives.
pub(super) struct Dict<F>(pub F);

impl<F, I, K, V> Serialize for Dict<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item = (K, V)>,
    K: Serialize,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

/// Always `{}`.
pub(super) struct EmptyDict;

impl Serialize for EmptyDict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(std::iter::empty::<((), ())>())
    }
}

/// Always `[]`.
pub(super) const EMPTY_LIST: [(); 0] = [];
