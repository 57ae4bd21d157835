package io.navarch.apiserver.audit;

import io.navarch.process.Timers;
import java.util.function.LongSupplier;

/// What is around whoever brings events to where they go.
///
/// @param losses counts what does not come there
/// @param nanos of a clock that nobody can set
public record AuditSurroundings(AuditLosses losses, Timers timers, LongSupplier nanos) {}
