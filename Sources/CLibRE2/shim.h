// RE2 is C++; the module only carries its place from pkg-config to CRE2, which wraps it.
