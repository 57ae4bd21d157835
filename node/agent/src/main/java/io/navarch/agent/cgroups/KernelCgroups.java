package io.navarch.agent.cgroups;

import java.nio.file.Path;
import java.time.InstantSource;

/// Which version of control groups this machine has.
public final class KernelCgroups {
    private KernelCgroups() {}

    public static Cgroups of(InstantSource clock) {
        var hierarchies = Hierarchies.read();
        if (hierarchies.unified())
            return new UnifiedCgroups(hierarchies.all().getFirst(), Path.of("/proc/meminfo"), clock);
        return hierarchies.byController().isEmpty() ? Cgroups.NONE : new SeparateCgroups(hierarchies, clock);
    }
}
