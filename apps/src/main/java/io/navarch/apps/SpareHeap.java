package io.navarch.apps;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.navarch.process.TaskScope;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

/// Sees to it that heap goes back to the machine once a peak is over. The JVM gives back at each marking, and marks
/// by itself only when it has not collected for a while; but the little that is done at rest makes for a small
/// collection each quarter of a minute, and so it would never mark again.
final class SpareHeap {
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final long SLACK = 32L << 20;
    private static final double REST_CORES = 0.1;

    /// How long nothing must be collected until the heap is marked: shorter than what lies between collections at rest.
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration UNTIL_MARKED = Duration.ofSeconds(8);
    private static final String INTERVAL = "G1PeriodicGCInterval";

    /// What the process has used and has.
    record Look(Duration cpu, Duration at, long used, long committed) {}

    /// The JVM's own marking when nothing else collects.
    interface Marking {
        Duration interval();

        void interval(Duration now);
    }

    /// Waits.
    interface Pause {
        void of(Duration length) throws InterruptedException;
    }

    private final Supplier<Look> looks;
    private final Marking marking;
    private final Pause pause;
    private Look before;

    SpareHeap(Supplier<Look> looks, Marking marking, Pause pause) {
        this.looks = looks;
        this.marking = marking;
        this.pause = pause;
        before = looks.get();
    }

    /// Nothing where the JVM does not mark by itself: then somebody has wanted it so.
    static void start(TaskScope scope) {
        var flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        var marking = new Marking() {
            @Override
            public Duration interval() {
                return Duration.ofMillis(
                        Long.parseLong(flags.getVMOption(INTERVAL).getValue()));
            }

            @Override
            public void interval(Duration now) {
                flags.setVMOption(INTERVAL, String.valueOf(now.toMillis()));
            }
        };
        if (marking.interval().isZero()) return;
        var spare = new SpareHeap(SpareHeap::now, marking, length -> TaskScope.pause(length.toMillis()));
        scope.every("spare-heap", LOOK.toMillis(), spare::look);
    }

    private static Look now() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new Look(
                Duration.ofNanos(system.getProcessCpuTime()),
                Duration.ofNanos(System.nanoTime()),
                heap.getUsed(),
                heap.getCommitted());
    }

    void look() throws InterruptedException {
        var now = looks.get();
        boolean spare = spare(before, now);
        before = now;
        if (!spare) return;
        var usual = marking.interval();
        marking.interval(SOON);
        try {
            pause.of(UNTIL_MARKED);
        } finally {
            marking.interval(usual);
        }
    }

    /// Whether the process rests and has half as much again as it uses.
    static boolean spare(Look before, Look now) {
        double cores = (double) now.cpu.minus(before.cpu).toNanos()
                / Math.max(1, now.at.minus(before.at).toNanos());
        return cores < REST_CORES && now.committed > now.used + now.used / 2 + SLACK;
    }
}
