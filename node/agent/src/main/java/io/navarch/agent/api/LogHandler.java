package io.navarch.agent.api;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.volumes.ContainerLogs;
import io.navarch.http.Exchange;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.Timestamps;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Answers with what a container has printed.
record LogHandler(AgentConfig config, NodePods pods, InstantSource clock) {
    private static final Set<String> PULL_FAILURES = Set.of("ImagePullBackOff", "ErrImagePull");

    void handle(Exchange exchange, Target target) throws IOException, InterruptedException {
        var pod = pods.get(target.namespace(), target.pod());
        boolean previous = exchange.query("previous").equals("true");
        var found = container(pod, pods.state(pod.uid()), target.container(), previous);
        if (found.isEmpty()) {
            var name = "container \"" + target.container() + "\" in pod \"" + target.pod() + "\"";
            var why = previous
                    ? "previous terminated " + name + " not found"
                    : name + " is waiting to start: " + waiting(pod, target.container());
            Answers.failure(exchange, Reason.BAD_REQUEST, why);
            return;
        }
        var container = found.get();
        var file = ContainerLogs.file(config, pod, container.name(), container.attempt());
        var asked = asked(exchange);
        if (asked.isEmpty()) {
            Answers.failure(exchange, Reason.BAD_REQUEST, "Invalid request.");
            return;
        }
        // Whoever follows a log may stop reading for long.
        exchange.patience(Duration.ZERO);
        var out = exchange.start(200, Map.of("Content-Type", "text/plain"));
        ContainerLogs.copy(file, asked.get(), out, () -> runs(pod, container));
        // Only a whole log has an end: one that could not be read on must not look like a shorter one.
        out.close();
    }

    /// What waits to be started again has its last end as the previous one, as its status says.
    private static Optional<RuntimeState.Container> container(
            Pod pod, RuntimeState state, String name, boolean previous) {
        var latest = state.latest(name);
        if (previous) {
            boolean waits = statuses(pod, name).anyMatch(each -> each.state().hasWaiting());
            return latest.filter(each -> waits && each.exited()).or(() -> state.previous(name));
        }
        boolean neverStarted = latest.filter(
                        container -> container.exited() && container.started().isEmpty())
                .isPresent();
        return neverStarted ? state.previous(name).or(() -> latest) : latest;
    }

    private boolean runs(Pod pod, RuntimeState.Container container) {
        return pods.state(pod.uid())
                .latest(container.name())
                .filter(now -> now.id().equals(container.id()) && now.running())
                .isPresent();
    }

    /// Empty for numbers that are none, or lead out of all time.
    private Optional<ContainerLogs.Request> asked(Exchange exchange) {
        try {
            return Optional.of(request(exchange));
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private ContainerLogs.Request request(Exchange exchange) {
        return new ContainerLogs.Request(
                exchange.query("follow").equals("true"),
                exchange.query("timestamps").equals("true"),
                number(exchange, "tailLines"),
                number(exchange, "limitBytes"),
                since(exchange),
                exchange.query("stream"));
    }

    private static long number(Exchange exchange, String name) {
        var text = exchange.query(name);
        return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    private Optional<Instant> since(Exchange exchange) {
        var seconds = exchange.query("sinceSeconds");
        if (!seconds.isEmpty()) return Optional.of(clock.instant().minusSeconds(Long.parseLong(seconds)));
        return Timestamps.parse(exchange.query("sinceTime"));
    }

    private static Stream<ContainerStatus> statuses(Pod pod, String container) {
        var status = pod.status();
        return Stream.of(
                        status.containerStatuses(), status.initContainerStatuses(), status.ephemeralContainerStatuses())
                .flatMap(List::stream)
                .filter(each -> each.name().equals(container));
    }

    private static String waiting(Pod pod, String container) {
        var reason = statuses(pod, container)
                .map(each -> each.state().waiting().reason())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("ContainerCreating");
        return PULL_FAILURES.contains(reason) ? "trying and failing to pull image" : reason;
    }
}
