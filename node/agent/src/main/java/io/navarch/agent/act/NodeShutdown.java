package io.navarch.agent.act;

import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.model.Pod;
import io.navarch.process.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shutdown of the node's machine: pods end, the less important first, and no others come.
public final class NodeShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ShutdownPeriods periods;
    private final Timers timers;
    private volatile boolean underWay;

    public NodeShutdown(ShutdownPeriods periods, Timers timers) {
        this.periods = periods;
        this.timers = timers;
    }

    public boolean underWay() {
        return underWay;
    }

    /// From now on nobody new comes.
    public void begin() {
        underWay = true;
    }

    /// It does not take place after all; what has ended stays so.
    public void cancel() {
        underWay = false;
    }

    /// Ends all pods, and returns when they have ended, or have had their time.
    public void endPods(OtherPods pods) throws InterruptedException {
        for (var group : periods.groups(pods.active())) {
            for (var pod : group.pods()) {
                LOG.info("pod {} ends, since the machine is shut down", pod.key());
                pods.evict(pod, Eviction.shutdown(group.grace(pod)));
            }
            await(pods, group.pods(), group.seconds());
        }
    }

    /// Also until their volumes are taken away: who does that may be one of the next group. The clock may be set
    /// meanwhile; the timers go on.
    private void await(OtherPods pods, List<Pod> group, long seconds) throws InterruptedException {
        var over = new AtomicBoolean();
        timers.after(Duration.ofSeconds(seconds), () -> over.set(true));
        while (!over.get() && !group.stream().allMatch(pods::stopped)) timers.pause(LOOK);
    }
}
