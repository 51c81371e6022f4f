//! From template text to a tree: [`lexer`], [`parser`], and [`blocks`] for whole files.

pub(crate) mod ast;
pub mod blocks;
mod escape;
mod expr;
pub(crate) mod lexer;
pub mod names;
pub(crate) mod parser;
mod statement;
