//! karat-sql
