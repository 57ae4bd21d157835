package io.navarch.agent;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.decide.DeviceCounts;
import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Devices of a node that gives them, or not, as it is told.
final class ScriptedDevices implements NodeDevices {
    /// What was asked for, in this order.
    final List<String> calls = new ArrayList<>();

    /// Why a container gets none, `""` when it does.
    String shortage = "";
    /// What happens while those of others are taken away.
    Runnable keeping = () -> {};

    @Override
    public DeviceCounts counts() {
        return DeviceCounts.NONE;
    }

    @Override
    public List<List<Hint>> hints(Pod pod, Container spec) {
        return List.of();
    }

    @Override
    public List<List<Hint>> hints(Pod pod) {
        return List.of();
    }

    @Override
    public void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        calls.add("admit " + pod.name());
        if (!shortage.isEmpty()) throw AllocationException.unexpected(shortage);
    }

    @Override
    public List<Held> held(String uid, String container) {
        return List.of();
    }

    @Override
    public List<Held> allocatable() {
        return List.of();
    }

    @Override
    public void onHealth(Consumer<String> uid) {}

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
