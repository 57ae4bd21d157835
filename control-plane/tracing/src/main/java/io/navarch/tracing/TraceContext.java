package io.navarch.tracing;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where in which trace something happens.
///
/// Source: https://www.w3.org/TR/trace-context/
///
/// @param high first half of the trace's ID
/// @param low second half
/// @param span of whoever calls
/// @param sampled whether whoever calls tells somebody of it
record TraceContext(long high, long low, long span, boolean sampled, String state) {
    private static final Pattern HEADER =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{16})([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int LONGEST = 256;
    private static final int LONGEST_STATE = 512;

    /// @param state the header `tracestate`; one that is too long is left out, as the specification lets us
    /// @return empty when the header is none
    static Optional<TraceContext> parse(String header, String state) {
        if (header.length() > LONGEST) return Optional.empty();
        var found = HEADER.matcher(header);
        if (!found.matches()) return Optional.empty();
        var version = found.group(1);
        boolean longer = found.group(6) != null;
        if (version.equals("ff") || version.equals("00") && longer) return Optional.empty();
        long high = HexFormat.fromHexDigitsToLong(found.group(2));
        long low = HexFormat.fromHexDigitsToLong(found.group(3));
        long span = HexFormat.fromHexDigitsToLong(found.group(4));
        if (high == 0 && low == 0 || span == 0) return Optional.empty();
        boolean sampled = (HexFormat.fromHexDigits(found.group(5)) & 1) == 1;
        return Optional.of(new TraceContext(high, low, span, sampled, state.length() > LONGEST_STATE ? "" : state));
    }
}
