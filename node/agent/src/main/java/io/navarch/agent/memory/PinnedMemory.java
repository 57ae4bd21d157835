package io.navarch.agent.memory;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintProvider;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Memory that containers are promised of single NUMA nodes.
public final class PinnedMemory implements HintProvider {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedMemory.class);

    private static final String NONE = "None";
    private static final String STATIC = "Static";

    private final MemoryPolicy policy;
    private final Predicate<Pod> pins;
    private final MemoryStateFile file;
    /// Guarded by the monitor.
    private MemoryAssignments now;
    /// By the pod's uid; guarded by the monitor.
    private final Map<String, ReusableMemory> reusable = new HashMap<>();

    /// @param pins whose memory is promised
    /// @throws IllegalArgumentException when what an earlier agent has written is not to be gone by
    /// @throws IOException when it cannot be written down
    public PinnedMemory(MemoryPolicy policy, Predicate<Pod> pins, Path directory) throws IOException {
        this.policy = policy;
        this.pins = pins;
        file = new MemoryStateFile(directory, STATIC);
        now = policy.begin(file.read());
        file.write(now);
    }

    /// Notes that nobody is promised any. Those who want another policy see that there was another one before.
    ///
    /// @throws IllegalArgumentException when there was
    /// @throws IOException when it cannot be written down
    public static void none(Path directory) throws IOException {
        var file = new MemoryStateFile(directory, NONE);
        file.write(file.read());
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod, Container spec) {
        return pins.test(pod) ? policy.hints(now, pod, spec, reusable(pod)) : List.of();
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod) {
        return pins.test(pod) ? policy.hints(now, pod) : List.of();
    }

    private ReusableMemory reusable(Pod pod) {
        return reusable.getOrDefault(pod.uid(), ReusableMemory.NONE);
    }

    @Override
    public synchronized void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        if (!pins.test(pod)) return;
        var next = policy.promise(now, pod, spec, hint, reusable);
        try {
            // What is not written down, the next agent would promise to somebody else.
            if (!next.equals(now)) file.write(next);
        } catch (IOException e) {
            throw AllocationException.unexpected(String.valueOf(e.getMessage()));
        }
        now = next;
    }

    @Override
    public synchronized void release(String uid) {
        reusable.remove(uid);
        note(now.without(uid));
    }

    /// Takes away what others are promised than these.
    public synchronized void keep(Set<String> uids) {
        note(now.keeping(uids));
    }

    private void note(MemoryAssignments next) {
        if (next.equals(now)) return;
        now = next;
        try {
            file.write(next);
        } catch (IOException e) {
            LOG.warn("whose memory is whose: {}", e.getMessage());
        }
    }

    /// What a container is promised.
    public synchronized List<Block> of(String uid, String container) {
        return now.of(uid, container);
    }

    /// The nodes from which it has it, none when that does not matter.
    public SortedSet<Integer> nodes(String uid, String container) {
        var nodes = new TreeSet<Integer>();
        for (var block : of(uid, container)) nodes.addAll(block.nodes());
        return nodes;
    }

    /// What of each node can be promised.
    public List<Block> allocatable() {
        return policy.allocatable();
    }
}
