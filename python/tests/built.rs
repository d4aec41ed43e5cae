//! That the extension module is built. A test of this package is also what makes `cargo test --workspace` build it, with the features of the other
//! tests, so that no dependency is compiled twice; what it does is tested by pytest.

#[test]
fn the_extension_module_is_built() {
    let program = std::env::current_exe().expect("a path");
    let folder = program.parent().expect("a folder");
    assert!(folder.join("lib_native.so").is_file(), "{}", folder.display());
}
