package io.navarch.hollow;

import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.cri.ContainerConfig;
import io.navarch.cri.PodBehaviour;
import io.navarch.cri.PodBehaviour.Exit;
import io.navarch.cri.PodBehaviour.SimulatedProcess;
import io.navarch.cri.SandboxConfig;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.RestartPolicy;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// What becomes of the pods of hollow nodes. Chance is drawn from the seed and the pod's uid, so that a
/// container that is started again fares as it did before.
final class HollowPods implements PodBehaviour {
    private static final SimulatedProcess DONE_AT_ONCE = endsAfter(Duration.ZERO, 0);
    /// A server that ends well when it is asked to.
    private static final SimulatedProcess FOR_EVER = new SimulatedProcess(Optional.empty(), new Exit(Duration.ZERO, 0));

    /// The exit code of a process that SIGTERM ends.
    private static final int TERMINATED = 143;

    private final Behaviour behaviour;
    private final Function<ObjectKey, Pod> pods;
    private final long seed;
    private final AtomicInteger addresses = new AtomicInteger();

    HollowPods(Behaviour behaviour, Function<ObjectKey, Pod> pods, long seed) {
        this.behaviour = behaviour;
        this.pods = pods;
        this.seed = seed;
    }

    private static SimulatedProcess endsAfter(Duration time, int code) {
        return new SimulatedProcess(Optional.of(new Exit(time, code)), new Exit(Duration.ZERO, TERMINATED));
    }

    private SplittableRandom random(String podUid) {
        return new SplittableRandom(seed ^ podUid.hashCode());
    }

    @Override
    public Duration sandboxStart(SandboxConfig config) {
        long spread = behaviour.startMost().minus(behaviour.startLeast()).toMillis();
        long more = spread <= 0 ? 0 : random(config.podUid()).nextLong(spread + 1);
        return behaviour.startLeast().plusMillis(more);
    }

    @Override
    public String address(SandboxConfig config) {
        int number = addresses.incrementAndGet();
        return "10." + (128 + (number >> 16 & 127)) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    @Override
    public SimulatedProcess process(ContainerConfig config) {
        var labels = config.labels();
        var pod = pods.apply(new ObjectKey(
                labels.getOrDefault(ContainerConfigs.POD_NAMESPACE, ""),
                labels.getOrDefault(ContainerConfigs.POD_NAME, "")));
        return process(pod, config.name());
    }

    private SimulatedProcess process(Pod pod, String container) {
        var init = PodLifecycle.initSpec(pod, container);
        if (init.exists()) return Pods.sidecar(init) ? FOR_EVER : DONE_AT_ONCE;
        boolean fails = behaviour.failures() > 0 && random(pod.uid()).nextDouble() < behaviour.failures();
        boolean ends = pod.spec().restartPolicy() != RestartPolicy.ALWAYS;
        if (ends) return endsAfter(behaviour.run(), fails ? 1 : 0);
        return fails ? endsAfter(Duration.ZERO, 1) : FOR_EVER;
    }
}
