package io.navarch.agent;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.decide.DeviceCounts;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Devices of a node that gives them, or not, as it is told.
final class ScriptedDevices implements NodeDevices {
    /// What was asked for, in this order.
    final List<String> calls = new ArrayList<>();

    Optional<Rejection> rejection = Optional.empty();
    /// What happens while those of others are taken away.
    Runnable keeping = () -> {};

    @Override
    public DeviceCounts counts() {
        return DeviceCounts.NONE;
    }

    @Override
    public Optional<Rejection> admit(Pod pod) {
        calls.add("admit " + pod.name());
        return rejection;
    }

    @Override
    public Given prepare(Pod pod, Container spec) {
        return Given.NOTHING;
    }

    @Override
    public void release(String uid) {}

    @Override
    public void keep(Set<String> uids) {
        keeping.run();
        calls.add("keep");
    }
}
