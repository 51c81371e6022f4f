//! How old the rows of a source table may be, and how old they are.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// A unit in which ages are limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Period {
    Minute,
    Hour,
    Day,
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The period of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.as_str() == name)
    }

    fn seconds(self) -> f64 {
        match self {
            Self::Minute => 60.0,
            Self::Hour => 3600.0,
            Self::Day => 86400.0,
        }
    }
}

/// An age; none at all where a part is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// How many periods.
    pub count: Option<i64>,
    /// The unit.
    pub period: Option<Period>,
}

impl Limit {
    /// What it comes to in seconds.
    pub fn seconds(self) -> Option<f64> {
        Some(self.count? as f64 * self.period?.seconds())
    }

    /// `2 days`.
    pub fn words(self) -> String {
        let (count, period) = (self.count.unwrap_or_default(), self.period.map_or("", Period::as_str));
        format!("{count} {period}{}", if count == 1 { "" } else { "s" })
    }

    fn is_set(self) -> bool {
        self.seconds().is_some()
    }

    fn from_json(json: &Json) -> Self {
        let period = json.get("period").and_then(Json::as_str).and_then(Period::named);
        Self { count: json.get("count").and_then(Json::as_i64), period }
    }
}

/// `freshness:` of a source table. `None` for a limit is one that was taken back by `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Freshness {
    /// Older rows are a warning.
    pub warn_after: Option<Limit>,
    /// Older rows are an error.
    pub error_after: Option<Limit>,
    /// Which rows count, as SQL.
    pub filter: Option<String>,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { warn_after: Some(Limit::default()), error_after: Some(Limit::default()), filter: None }
    }
}

/// How old something is, compared with what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Age {
    Fine,
    Warns,
    Fails,
}

impl Freshness {
    /// Whether it limits anything.
    pub fn is_set(&self) -> bool {
        [self.warn_after, self.error_after].into_iter().flatten().any(Limit::is_set)
    }

    /// How an age in seconds is to be judged.
    pub fn judge(&self, age: f64) -> Age {
        let exceeded = |limit: Option<Limit>| limit.and_then(Limit::seconds).is_some_and(|most| age > most);
        match (exceeded(self.error_after), exceeded(self.warn_after)) {
            (true, _) => Age::Fails,
            (false, true) => Age::Warns,
            (false, false) => Age::Fine,
        }
    }

    /// This with what `more` says over it: a limit that `more` does not give stays, one that it sets to null goes.
    fn merged(&self, more: &Self) -> Self {
        Self {
            warn_after: merge_limits(self.warn_after, more.warn_after),
            error_after: merge_limits(self.error_after, more.error_after),
            filter: more.filter.clone().or_else(|| self.filter.clone()),
        }
    }

    /// What a setting of the project file says.
    pub fn from_json(json: &Json) -> Self {
        let limit = |key: &str| match json.get(key) {
            None => Some(Limit::default()),
            Some(Json::Null) => None,
            Some(set) => Some(Limit::from_json(set)),
        };
        Self {
            warn_after: limit("warn_after"),
            error_after: limit("error_after"),
            filter: json.get("filter").and_then(Json::as_str).map(str::to_owned),
        }
    }

    /// As data.
    pub fn to_json(&self) -> Json {
        json!(self)
    }
}

fn merge_limits(base: Option<Limit>, more: Option<Limit>) -> Option<Limit> {
    match (base, more) {
        (_, None) => None,
        (base, Some(more)) if !more.is_set() => base,
        (_, more) => more,
    }
}

/// What a properties file says of `freshness`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Declared {
    /// Nothing: settings of the project file hold.
    #[default]
    Unset,
    /// `null`: there is no limit.
    Null,
    /// Something.
    Set(Freshness),
}

/// What several places say together, the weaker before the stronger.
pub fn merge(places: impl IntoIterator<Item = Declared>) -> Declared {
    let threshold = |declared: Declared| match declared {
        Declared::Unset => Some(Freshness::default()),
        Declared::Null => None,
        Declared::Set(set) => Some(set),
    };
    let merged = places.into_iter().map(threshold).reduce(|base, more| match (base, more) {
        (Some(base), Some(more)) => Some(base.merged(&more)),
        (None, Some(more)) => Some(more).filter(Freshness::is_set),
        (_, None) => None,
    });
    match merged {
        Some(Some(set)) if set.is_set() => Declared::Set(set),
        Some(None) => Declared::Null,
        _ => Declared::Unset,
    }
}

/// What was found out about a source table.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// When its newest row came.
    pub loaded_at: Timestamp,
    /// When that was looked up.
    pub looked_at: Timestamp,
    /// The limits that it was compared with.
    pub limits: Freshness,
}

impl Found {
    /// How old the newest row is, in seconds.
    pub fn age(&self) -> f64 {
        (self.looked_at.as_microsecond() - self.loaded_at.as_microsecond()) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(json: Json) -> Declared {
        Declared::Set(Freshness::from_json(&json))
    }

    fn merged<const N: usize>(places: [Declared; N]) -> Option<Json> {
        match merge(places) {
            Declared::Unset => None,
            Declared::Null => Some(Json::Null),
            Declared::Set(set) => Some(set.to_json()),
        }
    }

    #[test]
    fn the_stronger_place_adds_to_the_weaker_one() {
        let day = json!({"count": 1, "period": "day"});
        let none = json!({"count": null, "period": null});
        let warn = set(json!({"warn_after": day, "filter": "true"}));
        let fail = set(json!({"error_after": day}));
        let both = json!({"warn_after": day, "error_after": day, "filter": "true"});
        assert_eq!(merged([warn.clone(), Declared::Unset, fail.clone()]), Some(both));
        assert_eq!(merged([warn.clone(), Declared::Null, Declared::Unset]), Some(Json::Null));
        let taken_back = set(json!({"warn_after": null}));
        assert_eq!(merged([warn, taken_back]), None);
        let own = json!({"warn_after": none, "error_after": day, "filter": null});
        assert_eq!(merged([Declared::Null, fail]), Some(own));
        assert_eq!(merged([Declared::Unset, set(json!({"filter": "true"}))]), None);
    }

    #[test]
    fn ages_are_judged() {
        let limits = Freshness::from_json(&json!({
            "warn_after": {"count": 1, "period": "minute"}, "error_after": {"count": 2, "period": "hour"},
        }));
        assert_eq!(limits.judge(60.0), Age::Fine);
        assert_eq!(limits.judge(60.5), Age::Warns);
        assert_eq!(limits.judge(7200.5), Age::Fails);
    }
}
