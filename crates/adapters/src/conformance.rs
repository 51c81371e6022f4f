//! Behaviours which every engine has to show.
