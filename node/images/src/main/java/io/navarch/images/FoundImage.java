package io.navarch.images;

import java.util.List;

/// An image that was found in a file.
///
/// @param manifest the digest
record FoundImage(String manifest, List<String> names) {}
