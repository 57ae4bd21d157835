package io.navarch.model;

/// The values of a field that has a closed set of them. Every enumeration also has `UNSET` (the field is absent or
/// empty) and `UNRECOGNIZED` (a value that this version does not know).
public interface Enumeration {
    /// As it is written in the API, `""` for `UNSET` and `UNRECOGNIZED`.
    String text();
}
