package io.navarch.kinds.serviceaccount;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Turns claims into tokens and back.
///
/// @param sign makes a signed token
/// @param verify the claims of a token, when it was signed by the same key; times are seconds since 1970
public record TokenCodec(
        Function<Map<String, Object>, String> sign, Function<String, Optional<Map<String, Object>>> verify) {}
