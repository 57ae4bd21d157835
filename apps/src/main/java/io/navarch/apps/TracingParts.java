package io.navarch.apps;

import io.navarch.apiserver.timing.CallTracing;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.tracing.GrpcCollector;
import io.navarch.tracing.SpanQueue;
import io.navarch.tracing.Tracer;
import io.navarch.tracing.TracingConfiguration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Who follows calls, if anybody does, and who is told of them.
final class TracingParts implements AutoCloseable {
    private final Optional<GrpcCollector> collector;
    private final CallTracing tracing;

    /// @param scope whose closing ends the sending
    /// @param instance a name of this process
    TracingParts(
            Optional<TracingConfiguration> configured,
            TaskScope scope,
            InstantSource clock,
            RandomGenerator random,
            Metrics metrics,
            String instance) {
        collector = configured.map(each -> new GrpcCollector(each.endpoint()));
        if (collector.isEmpty()) {
            tracing = CallTracing.OFF;
            return;
        }
        var queue = new SpanQueue(
                collector.get(), Map.of("service.name", "apiserver", "service.instance.id", instance), metrics);
        queue.start(scope);
        tracing = new Tracer(configured.orElseThrow(), random, clock, System::nanoTime, queue);
    }

    CallTracing tracing() {
        return tracing;
    }

    @Override
    public void close() {
        collector.ifPresent(GrpcCollector::close);
    }
}
