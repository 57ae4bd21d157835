package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.PodSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Ports of a pod's containers that get in each other's way.
final class PortWarnings {
    private record Known(String at, ContainerPort port) {}

    private final Consumer<String> warn;
    private final Map<String, List<Known>> known = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private PortWarnings(Consumer<String> warn) {
        this.warn = warn;
    }

    static void of(PodSpec spec, String path, Consumer<String> warn) {
        var ports = new PortWarnings(warn);
        ports.visit(spec, path, ports::number);
        ports.visit(spec, path, ports::name);
    }

    private void visit(PodSpec spec, String path, BiConsumer<ContainerPort, String> each) {
        BiConsumer<Container, String> ports = (container, at) -> Check.each(container.ports(), at + ".ports", each);
        Check.each(spec.initContainers(), path + ".initContainers", ports);
        Check.each(spec.containers(), path + ".containers", ports);
    }

    private void number(ContainerPort port, String at) {
        var protocol = port.raw(ContainerPort.PROTOCOL).string();
        if (!port.hostIP().isEmpty() && port.hostPort() == 0)
            warn.accept(at + ": hostIP set without hostPort: {Name:" + port.name() + " HostPort:0 ContainerPort:"
                    + port.containerPort() + " Protocol:" + protocol + " HostIP:" + port.hostIP() + "}");
        var same = known.computeIfAbsent(port.containerPort() + "/" + protocol, key -> new ArrayList<>());
        for (var other : same) compare(port, at, other);
        same.add(new Known(at, port));
    }

    private void compare(ContainerPort port, String at, Known other) {
        boolean sameHost = port.hostPort() == other.port.hostPort();
        var one = port.hostIP();
        var two = other.port.hostIP();
        if (sameHost && one.equals(two)) warn.accept(at + ": duplicate port definition with " + other.at);
        else if (port.hostPort() == 0 || other.port.hostPort() == 0)
            warn.accept(at + ": overlapping port definition with " + other.at);
        else if (sameHost && one.isEmpty() != two.isEmpty())
            warn.accept(at + ": dangerously ambiguous port definition with " + other.at);
    }

    private void name(ContainerPort port, String at) {
        if (port.name().isEmpty()) return;
        var first = names.putIfAbsent(port.name(), at);
        if (first != null)
            warn.accept(at + ": duplicate port name \"" + port.name() + "\" with " + first
                    + ", services and probes that select ports by name will use " + first);
    }
}
