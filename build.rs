//! Lets the built programs find the prebuilt DuckDB library without `LD_LIBRARY_PATH`.

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    if let (Ok(dir), Err(_)) = (std::env::var("DUCKDB_LIB_DIR"), std::env::var("CARGO_FEATURE_BUNDLED")) {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{dir}");
    }
}
