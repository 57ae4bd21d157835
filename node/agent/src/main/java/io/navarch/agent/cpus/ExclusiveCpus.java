package io.navarch.agent.cpus;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintProvider;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Processors that containers have for themselves, and those that the others share.
public final class ExclusiveCpus implements HintProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ExclusiveCpus.class);

    private static final String NONE = "none";
    private static final String STATIC = "static";

    private final CpuPolicy policy;
    private final CpuStateFile file;
    /// Guarded by the monitor.
    private CpuAssignments now;
    /// What the pod's init containers had that have ended when others begin, by its uid; guarded by the monitor.
    private final Map<String, CpuSet> reusable = new HashMap<>();

    /// @throws IllegalArgumentException when what an earlier agent has written is not to be gone by
    /// @throws IOException when it cannot be written down
    public ExclusiveCpus(CpuPolicy policy, Path directory) throws IOException {
        this.policy = policy;
        file = new CpuStateFile(directory, STATIC);
        now = policy.begin(file.read());
        file.write(now);
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
        return policy.hints(now, pod, spec, reusable(pod));
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod) {
        return policy.hints(now, pod, reusable(pod));
    }

    private CpuSet reusable(Pod pod) {
        return reusable.getOrDefault(pod.uid(), CpuSet.EMPTY);
    }

    @Override
    public synchronized void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        var chosen = policy.choose(now, pod, spec, hint, reusable(pod));
        if (chosen.isEmpty()) return;
        var cpus = chosen.get();
        var next = now.with(pod.uid(), spec.name(), cpus);
        try {
            // What is not written down, the next agent would give to somebody else.
            if (!next.equals(now)) file.write(next);
        } catch (IOException e) {
            throw AllocationException.unexpected(String.valueOf(e.getMessage()));
        }
        now = next;
        boolean ends = pod.spec().initContainers().stream()
                .anyMatch(init -> init.name().equals(spec.name()) && !Pods.sidecar(init));
        reusable.put(pod.uid(), ends ? reusable(pod).plus(cpus) : reusable(pod).minus(cpus));
    }

    @Override
    public synchronized void release(String uid) {
        reusable.remove(uid);
        note(now.without(uid));
    }

    /// Takes away what others have than these.
    public synchronized void keep(Set<String> uids) {
        note(now.keeping(uids));
    }

    private void note(CpuAssignments next) {
        if (next.equals(now)) return;
        now = next;
        try {
            file.write(next);
        } catch (IOException e) {
            // It says that somebody has what nobody has: the next agent takes it away again.
            LOG.warn("whose processors are whose: {}", e.getMessage());
        }
    }

    /// Where a container runs.
    public synchronized CpuSet of(String uid, String container) {
        return now.of(uid, container).orElse(now.shared());
    }

    /// Those that a container has for itself.
    public synchronized CpuSet exclusive(String uid, String container) {
        return now.of(uid, container).orElse(CpuSet.EMPTY);
    }

    /// Those that any container of a pod has for itself.
    public synchronized CpuSet exclusive(String uid) {
        return now.ofPod(uid);
    }

    /// All that containers can have for themselves.
    public CpuSet allocatable() {
        return policy.allocatable();
    }
}
