//! An adapter that notes what is sent to another.
