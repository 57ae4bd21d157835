package io.navarch.crash;

/// What a server shows of an object.
///
/// @param number that its last writer has put into several of its fields
/// @param whole whether all of them say the same
record Seen(long revision, long number, boolean whole) {}
