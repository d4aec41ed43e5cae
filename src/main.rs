//! Arguments → run → exit code, nothing else.

fn main() -> std::process::ExitCode {
    sohoa::cli::main()
}
