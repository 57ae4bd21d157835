package io.navarch.agent.cpus;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintProvider;
import io.navarch.agent.numa.WrittenState;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Processors that containers have for themselves, and those that the others share.
public final class ExclusiveCpus implements HintProvider {
    private static final String NONE = "none";
    private static final String STATIC = "static";

    private final CpuPolicy policy;
    /// Guarded by the monitor.
    private final WrittenState<CpuAssignments> state;
    /// What the pod's init containers had that have ended when others begin, by its uid; guarded by the monitor.
    private final Map<String, CpuSet> reusable = new HashMap<>();

    /// @throws IllegalArgumentException when what an earlier agent has written is not to be gone by
    /// @throws IOException when it cannot be written down
    public ExclusiveCpus(CpuPolicy policy, Path directory) throws IOException {
        this.policy = policy;
        var file = new CpuStateFile(directory, STATIC);
        state = new WrittenState<>("whose processors are whose", policy.begin(file.read()), file::write);
    }

    /// Notes that nobody has any. Those who want another policy see that there was another one before.
    ///
    /// @throws IllegalArgumentException when there was
    /// @throws IOException when it cannot be written down
    public static void none(Path directory) throws IOException {
        var file = new CpuStateFile(directory, NONE);
        file.write(new CpuAssignments(CpuSet.EMPTY, file.read().exclusive()));
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod, Container spec) {
        return policy.hints(state.now(), pod, spec, reusable(pod));
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod) {
        return policy.hints(state.now(), pod, reusable(pod));
    }

    private CpuSet reusable(Pod pod) {
        return reusable.getOrDefault(pod.uid(), CpuSet.EMPTY);
    }

    @Override
    public synchronized void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        var chosen = policy.choose(state.now(), pod, spec, hint, reusable(pod));
        if (chosen.isEmpty()) return;
        var cpus = chosen.get();
        state.give(state.now().with(pod.uid(), spec.name(), cpus));
        boolean ends = pod.spec().initContainers().stream()
                .anyMatch(init -> init.name().equals(spec.name()) && !Pods.sidecar(init));
        reusable.put(pod.uid(), ends ? reusable(pod).plus(cpus) : reusable(pod).minus(cpus));
    }

    @Override
    public synchronized void release(String uid) {
        reusable.remove(uid);
        state.take(state.now().without(uid));
    }

    /// Takes away what others have than these.
    public synchronized void keep(Set<String> uids) {
        state.take(state.now().keeping(uids));
    }

    /// Where a container runs.
    public synchronized CpuSet of(String uid, String container) {
        var now = state.now();
        return now.of(uid, container).orElse(now.shared());
    }

    /// Those that a container has for itself.
    public synchronized CpuSet exclusive(String uid, String container) {
        return state.now().of(uid, container).orElse(CpuSet.EMPTY);
    }

    /// Those that any container of a pod has for itself.
    public synchronized CpuSet exclusive(String uid) {
        return state.now().ofPod(uid);
    }

    /// All that containers can have for themselves.
    public CpuSet allocatable() {
        return policy.allocatable();
    }
}
