/// Traces of calls, as OpenTelemetry has them, for whoever collects them: off unless a file says otherwise.
///
/// [io.navarch.tracing.Tracer] decides which calls are traced, [io.navarch.tracing.SpanTree] what was part of what,
/// [io.navarch.tracing.SpanQueue] holds what is to be sent, and nobody waits for it. Start with the first.
@NullMarked
package io.navarch.tracing;

import org.jspecify.annotations.NullMarked;
