package io.navarch.agent.cgroups;

import io.navarch.agent.decide.CgroupLimits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Control groups by name, such as `/kubepods/burstable/pod…`, as a port: the kernel's, of either version, or none.
public interface Cgroups {
    /// Nothing runs in any.
    Cgroups NONE = new Cgroups() {
        @Override
        public void apply(String name, CgroupLimits limits) {}

        @Override
        public boolean exists(String name) {
            return true;
        }

        @Override
        public List<String> children(String name) {
            return List.of();
        }

        @Override
        public List<Long> processes(String name) {
            return List.of();
        }

        @Override
        public void remove(String name) {}

        @Override
        public Optional<CgroupUsage> usage(String name) {
            return Optional.empty();
        }
    };

    /// Makes a group that is not there, and sets its limits.
    void apply(String name, CgroupLimits limits) throws IOException;

    boolean exists(String name);

    /// The last parts of the names of the groups in a group.
    List<String> children(String name);

    /// What runs in a group and in those below it.
    List<Long> processes(String name);

    /// Removes a group and those below it. Fails when something runs in one.
    void remove(String name) throws IOException;

    /// What a group takes together with those below it; empty when it is gone, which it may be at any time.
    ///
    /// @param name `""` for the whole machine
    Optional<CgroupUsage> usage(String name);
}
