package io.navarch.tracing;

import io.navarch.apiserver.timing.CallTracing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Decides which calls are followed: those that a caller who may say so follows himself, and of all others a share.
/// Everybody else's trace is only linked.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-traces/
public final class Tracer implements CallTracing {
    private final long share;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Consumer<List<Span>> spans;

    /// @param nanos of the clock that calls are measured with
    public Tracer(
            TracingConfiguration configuration,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanos,
            SpanQueue queue) {
        this(configuration.perMillion(), random, clock, nanos, queue::add);
    }

    Tracer(
            int perMillion,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanos,
            Consumer<List<Span>> spans) {
        share = (long) (perMillion / 1e6 * Long.MAX_VALUE);
        this.random = random;
        this.clock = clock;
        this.nanos = nanos;
        this.spans = spans;
    }

    @Override
    public Optional<Traced> begin(Arrival arrival) {
        var sent = arrival.parent().isEmpty()
                ? Optional.<TraceContext>empty()
                : TraceContext.parse(arrival.parent(), arrival.state());
        if (sent.isPresent() && arrival.trusted())
            return sent.get().sampled()
                    ? Optional.of(new Followed(sent.get(), sent.get().span(), Optional.empty()))
                    : Optional.empty();
        var own = new TraceContext(random.nextLong(), id(), 0, true, "");
        return sampled(own) ? Optional.of(new Followed(own, 0, sent)) : Optional.empty();
    }

    private long id() {
        long id = random.nextLong();
        return id == 0 ? 1 : id;
    }

    /// The same in every system that a trace passes.
    private boolean sampled(TraceContext trace) {
        return trace.low() >>> 1 < share;
    }

    private final class Followed implements Traced {
        private final TraceContext trace;
        private final long parent;
        private final Optional<TraceContext> link;

        private Followed(TraceContext trace, long parent, Optional<TraceContext> link) {
            this.trace = trace;
            this.parent = parent;
            this.link = link;
        }

        @Override
        public void end(Ended call) {
            var now = clock.instant();
            long unix = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - nanos.getAsLong();
            long root = id();
            var all = new ArrayList<Span>();
            all.add(new Span(
                    trace,
                    root,
                    parent,
                    call.name(),
                    true,
                    unix + call.since(),
                    unix + call.until(),
                    call.attributes(),
                    call.failed(),
                    link));
            var nodes = SpanTree.of(call.parts());
            for (var node : nodes) {
                var interval = node.interval();
                long above =
                        node.parent() < 0 ? root : all.get(node.parent() + 1).id();
                all.add(new Span(
                        trace,
                        id(),
                        above,
                        interval.name(),
                        false,
                        unix + interval.since(),
                        unix + interval.until(),
                        Map.of(),
                        false,
                        Optional.empty()));
            }
            spans.accept(all);
        }
    }
}
