package io.navarch.agent.memory;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintProvider;
import io.navarch.agent.numa.WrittenState;
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

/// Memory that containers are promised of single NUMA nodes.
public final class PinnedMemory implements HintProvider {
    private static final String NONE = "None";
    private static final String STATIC = "Static";

    private final MemoryPolicy policy;
    private final Predicate<Pod> pins;
    /// Guarded by the monitor.
    private final WrittenState<MemoryAssignments> state;
    /// By the pod's uid; guarded by the monitor.
    private final Map<String, ReusableMemory> reusable = new HashMap<>();

    /// @param pins whose memory is promised
    /// @throws IllegalArgumentException when what an earlier agent has written is not to be gone by
    /// @throws IOException when it cannot be written down
    public PinnedMemory(MemoryPolicy policy, Predicate<Pod> pins, Path directory) throws IOException {
        this.policy = policy;
        this.pins = pins;
        var file = new MemoryStateFile(directory, STATIC);
        state = new WrittenState<>("whose memory is whose", policy.begin(file.read()), file::write);
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
        return pins.test(pod) ? policy.hints(state.now(), pod, spec, reusable(pod)) : List.of();
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod) {
        return pins.test(pod) ? policy.hints(state.now(), pod) : List.of();
    }

    private ReusableMemory reusable(Pod pod) {
        return reusable.getOrDefault(pod.uid(), ReusableMemory.NONE);
    }

    @Override
    public synchronized void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        if (!pins.test(pod)) return;
        state.give(policy.promise(state.now(), pod, spec, hint, reusable));
    }

    @Override
    public synchronized void release(String uid) {
        reusable.remove(uid);
        state.take(state.now().without(uid));
    }

    /// Takes away what others are promised than these.
    public synchronized void keep(Set<String> uids) {
        state.take(state.now().keeping(uids));
    }

    /// What a container is promised.
    public synchronized List<Block> of(String uid, String container) {
        return state.now().of(uid, container);
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
