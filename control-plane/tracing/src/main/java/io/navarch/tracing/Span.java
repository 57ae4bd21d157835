package io.navarch.tracing;

import java.util.Map;
import java.util.Optional;

/// A part of a trace.
///
/// @param parent the span that it is part of, 0: there is none
/// @param server whether somebody outside has asked for it
/// @param since nanoseconds since 1970
/// @param link a trace that it belongs to without being part of it
record Span(
        TraceContext trace,
        long id,
        long parent,
        String name,
        boolean server,
        long since,
        long until,
        Map<String, Object> attributes,
        boolean failed,
        Optional<TraceContext> link) {}
