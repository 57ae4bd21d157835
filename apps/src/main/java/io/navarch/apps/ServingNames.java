package io.navarch.apps;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What a serving certificate has to name: what was configured, and every name and address that the machine has had
/// since the start. None is taken out while the server runs, so that a network that comes and goes changes nothing.
final class ServingNames {
    private final Set<String> names = new LinkedHashSet<>();
    private final Supplier<Host> machine;

    ServingNames(List<String> configured, Supplier<Host> machine) {
        names.addAll(configured);
        this.machine = machine;
    }

    synchronized List<String> now() {
        var host = machine.get();
        names.add(host.name());
        names.add(host.address());
        return List.copyOf(names);
    }
}
