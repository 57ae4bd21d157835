package io.navarch.agent.api;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerRuntime.SessionStreams;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Connects clients to commands in containers, to their processes, and to ports of pods.
record StreamHandler(NodePods pods, ContainerRuntime runtime, Streams streams) {
    private static final Set<String> TRUE = Set.of("1", "true");

    void exec(Exchange exchange, Target target) throws Exception {
        var id = runningContainer(exchange, target);
        if (id.isEmpty()) return;
        var wanted = sessionStreams(exchange, on(exchange, "tty"));
        var command = exchange.query().getOrDefault("command", List.of());
        streams.remoteCommand(exchange, runtime.exec(id.get(), command, wanted), wanted);
    }

    void attach(Exchange exchange, Target target) throws Exception {
        var id = runningContainer(exchange, target);
        if (id.isEmpty()) return;
        var pod = pods.get(target.namespace(), target.pod());
        var wanted = sessionStreams(
                exchange, PodLifecycle.spec(pod, target.container()).tty());
        streams.remoteCommand(exchange, runtime.attach(id.get(), wanted), wanted);
    }

    void portForward(Exchange exchange, Target target) throws Exception {
        var pod = pods.get(target.namespace(), target.pod());
        var box = pods.state(pod.uid()).readySandbox();
        if (box.isEmpty()) {
            cannotUpgrade(exchange, "pod not found (\"" + target.pod() + "_" + target.namespace() + "\")");
            return;
        }
        var ports = Arrays.stream(exchange.query("port").split(","))
                .filter(port -> !port.isEmpty())
                .map(Integer::valueOf)
                .toList();
        streams.portForward(exchange, runtime.portForward(box.get().id(), ports));
    }

    /// The id of the running container; if there is none the exchange is answered.
    private Optional<String> runningContainer(Exchange exchange, Target target) throws IOException {
        var pod = pods.get(target.namespace(), target.pod());
        var id = pods.state(pod.uid())
                .latest(target.container())
                .filter(RuntimeState.Container::running)
                .map(RuntimeState.Container::id);
        if (id.isEmpty()) cannotUpgrade(exchange, "container not found (\"" + target.container() + "\")");
        return id;
    }

    private static void cannotUpgrade(Exchange exchange, String why) throws IOException {
        Answers.failure(exchange, Reason.INTERNAL_ERROR, "unable to upgrade connection: " + why);
    }

    private static SessionStreams sessionStreams(Exchange exchange, boolean tty) {
        // A terminal has one output for both.
        boolean stderr = on(exchange, "error") && !tty;
        return new SessionStreams(on(exchange, "input"), on(exchange, "output"), stderr, tty);
    }

    private static boolean on(Exchange exchange, String name) {
        return TRUE.contains(exchange.query(name));
    }
}
