package io.navarch.reconcile;

import java.time.Instant;

/// Completes what a controller has observed with what takes I/O to know: metrics of a workload, a signature, the
/// contents of a namespace. It runs after [Controller#observe] and before [Controller#decide], and changes nothing in
/// the cluster.
@FunctionalInterface
public interface ReadStep<S> {
    S read(S seen, Instant now) throws InterruptedException;

    static <S> ReadStep<S> none() {
        return (seen, now) -> seen;
    }
}
