package io.navarch.apiserver.admission;

import io.navarch.apiserver.timing.CallTimes;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.function.Supplier;

/// How long admission takes: a step for whoever may change a write, one for whoever may refuse it, and each plugin in a
/// step.
public final class AdmissionTimes {
    private static final String[] LABELS = {"type", "operation", "rejected"};
    private static final List<Double> BOUNDS = List.of(0.005, 0.025, 0.1, 0.5, 1.0, 2.5);
    private static final String HELP =
            "broken out for each operation and API resource and step type (validate or admit).";
    private static final Metric DURATION = Metric.histogram(
            "apiserver_admission_step_admission_duration_seconds",
            "[STABLE] Admission sub-step latency histogram in seconds, " + HELP,
            BOUNDS,
            LABELS);
    private static final Metric SUMMARY = Metric.summary(
            "apiserver_admission_step_admission_duration_seconds_summary",
            "[ALPHA] Admission sub-step latency summary in seconds, " + HELP,
            LABELS);
    private static final Metric OF_PLUGIN = Metric.histogram(
            "apiserver_admission_controller_admission_duration_seconds",
            "[STABLE] Admission controller latency histogram in seconds, identified by name and broken out for each"
                    + " operation and API resource and type (validate or admit).",
            BOUNDS,
            "name",
            "type",
            "operation",
            "rejected");

    /// Is told what took so long.
    private interface Observer {
        void observe(double seconds, String type, String operation, String rejected);
    }

    private final Metrics metrics;

    public AdmissionTimes(Metrics metrics) {
        this.metrics = metrics;
    }

    /// @param step during which plugins and others change what is written
    public <T> T admit(Operation operation, Supplier<T> step) {
        return step("admit", operation, step);
    }

    /// @param step during which plugins and others look at what is written
    public void validate(Operation operation, Runnable step) {
        step("validate", operation, done(step));
    }

    /// @param plugin `""` for one that Kubernetes does not know as a plugin: nothing is told of it
    /// @param step in which it changes what is written
    public <T> T admit(String plugin, Operation operation, Supplier<T> step) {
        return timed("admit", operation, step, plugin(plugin));
    }

    /// @param plugin as above
    /// @param step in which it looks at what is written
    public void validate(String plugin, Operation operation, Runnable step) {
        timed("validate", operation, done(step), plugin(plugin));
    }

    private static Supplier<Boolean> done(Runnable step) {
        return () -> {
            step.run();
            return true;
        };
    }

    private <T> T step(String type, Operation operation, Supplier<T> step) {
        long began = System.nanoTime();
        try {
            return timed(type, operation, step, this::stepTook);
        } finally {
            var name = type.equals("admit") ? "Mutating admission" : "Validating admission";
            CallTimes.current(CallTimes.Part.ADMISSION, name, began, System.nanoTime());
        }
    }

    private void stepTook(double seconds, String type, String operation, String rejected) {
        metrics.record(DURATION.of(seconds, type, operation, rejected));
        metrics.record(SUMMARY.of(seconds, type, operation, rejected));
    }

    private Observer plugin(String name) {
        return name.isEmpty()
                ? (seconds, type, operation, rejected) -> {}
                : (seconds, type, operation, rejected) ->
                        metrics.record(OF_PLUGIN.of(seconds, name, type, operation, rejected));
    }

    private static <T> T timed(String type, Operation operation, Supplier<T> step, Observer observer) {
        long began = System.nanoTime();
        boolean rejected = true;
        try {
            var result = step.get();
            rejected = false;
            return result;
        } finally {
            observer.observe((System.nanoTime() - began) / 1e9, type, operation.name(), String.valueOf(rejected));
        }
    }
}
