package io.navarch.agent.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.agent.stats.NodeUsage.Group;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.NodeUsage.VolumeUsage;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvictionOrderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MEBI = 1 << 20;

    private final Map<String, PodUsage> usage = new HashMap<>();

    private static Pod pod(String name, int priority, String resource, long request) {
        return Pod.builder()
                .metadata(meta -> meta.name(name).namespace("ns").uid(name))
                .spec(spec -> spec.priority(priority)
                        .addContainers(container -> container
                                .name("c")
                                .resources(each -> each.requests(
                                        request == 0 ? Map.of() : Map.of(resource, Quantity.parse(request + "Mi"))))))
                .build();
    }

    private static Optional<Group> group(long memory, long processes) {
        var taken = new CgroupUsage(
                START,
                new CgroupUsage.Cpu(0, 0, 0, 0, 0, 0),
                new CgroupUsage.Memory(0, memory, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                processes,
                List.of());
        return Optional.of(new Group(taken, 0));
    }

    private void takes(Pod pod, long memory, long processes, Disk written, Disk logs, Disk volume) {
        var container = new ContainerUsage("c", "id", "image", START, group(memory, processes), written, logs);
        usage.put(
                pod.uid(),
                new PodUsage(
                        "ns",
                        pod.name(),
                        pod.uid(),
                        START,
                        "/kubepods/pod" + pod.uid(),
                        group(memory, processes),
                        List.of(),
                        List.of(container),
                        List.of(new VolumeUsage("v", volume, Optional.empty(), true))));
    }

    private Pod memory(String name, int priority, long request, long taken) {
        var pod = pod(name, priority, "memory", request);
        takes(pod, taken * MEBI, 1, Disk.NONE, Disk.NONE, Disk.NONE);
        return pod;
    }

    private List<String> order(Signal signal, boolean separate, Pod... pods) {
        return new EvictionOrder(usage, separate)
                .of(signal, List.of(pods)).stream().map(Pod::name).toList();
    }

    @Test
    void whoTakesMoreThanAskedForThenByPriorityThenByHowMuch() {
        var within = memory("within", 0, 500, 400);
        var important = memory("important", 1000, 10, 900);
        var little = memory("little", 0, 100, 150);
        var much = memory("much", 0, 100, 300);
        var unknown = pod("unknown", 1000, "memory", 0);
        assertThat(order(Signal.MEMORY_AVAILABLE, false, within, important, little, unknown, much))
                .containsExactly("unknown", "much", "little", "important", "within");
    }

    @Test
    void processesByPriorityThenByHowMany() {
        var few = pod("few", 0, "memory", 0);
        takes(few, 0, 3, Disk.NONE, Disk.NONE, Disk.NONE);
        var bomb = pod("bomb", 0, "memory", 0);
        takes(bomb, 0, 3000, Disk.NONE, Disk.NONE, Disk.NONE);
        var important = pod("important", 9, "memory", 0);
        takes(important, 0, 9000, Disk.NONE, Disk.NONE, Disk.NONE);
        assertThat(order(Signal.PID_AVAILABLE, false, important, few, bomb))
                .containsExactly("bomb", "few", "important");
    }

    @Test
    void filesCountWhereTheyAre() {
        var writer = pod("writer", 0, "ephemeral-storage", 0);
        takes(writer, 0, 1, new Disk(100 * MEBI, 10), Disk.NONE, Disk.NONE);
        var talker = pod("talker", 0, "ephemeral-storage", 0);
        takes(talker, 0, 1, Disk.NONE, new Disk(20 * MEBI, 3000), Disk.NONE);
        var hoarder = pod("hoarder", 0, "ephemeral-storage", 0);
        takes(hoarder, 0, 1, Disk.NONE, Disk.NONE, new Disk(50 * MEBI, 500));
        assertThat(order(Signal.NODEFS_AVAILABLE, false, talker, hoarder, writer))
                .containsExactly("writer", "hoarder", "talker");
        assertThat(order(Signal.NODEFS_AVAILABLE, true, talker, hoarder, writer))
                .containsExactly("hoarder", "talker", "writer");
        assertThat(order(Signal.IMAGEFS_AVAILABLE, true, talker, hoarder, writer))
                .startsWith("writer");
        assertThat(order(Signal.NODEFS_INODES_FREE, false, writer, hoarder, talker))
                .containsExactly("talker", "hoarder", "writer");
    }

    /// Whatever they take: who keeps within what was asked for is never ended before one that does not.
    @Test
    void theModestOutliveTheGreedy() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var pods = new ArrayList<Pod>();
            for (int i = 0; i < 8; i++)
                pods.add(memory("p" + i, random.nextInt(3), random.nextInt(1, 5), random.nextInt(8)));
            Collections.shuffle(pods, random);
            var ordered = new EvictionOrder(usage, false).of(Signal.MEMORY_AVAILABLE, pods);
            assertThat(ordered).containsExactlyInAnyOrderElementsOf(pods);
            for (int i = 1; i < ordered.size(); i++)
                assertThat(rank(ordered.get(i - 1))).as("seed %d", seed).isLessThanOrEqualTo(rank(ordered.get(i)));
        }
    }

    private long rank(Pod pod) {
        long taken = usage.get(pod.uid()).group().orElseThrow().usage().memory().workingSet() / MEBI;
        long asked = pod.spec()
                        .containers()
                        .getFirst()
                        .resources()
                        .requests()
                        .get("memory")
                        .units()
                / MEBI;
        return (taken > asked ? 0 : 1_000_000) + pod.spec().priority() * 1000L - (taken - asked);
    }

    @Test
    void whatPodsAreTold() {
        var hog = memory("hog", 0, 50, 227);
        var thresholds = EvictionThresholds.parse(List.of("memory.available<100Mi"));
        var observed = Map.of(Signal.MEMORY_AVAILABLE, new Observation(600 * MEBI, 38_712 * 1024));
        var message = new EvictionMessage(Signal.MEMORY_AVAILABLE, thresholds.all(), observed);
        assertThat(message.of(hog, Optional.of(usage.get("hog"))))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 38712Ki."
                        + " Container c was using 227Mi, request is 50Mi, has larger consumption of memory. ");
        assertThat(message.of(hog, Optional.empty()))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 38712Ki. ");
    }

    @Test
    void whatWasSaidAboutTheDisk() {
        var limited = pod("p", 0, "memory", 0).toBuilder()
                .editSpec(spec -> spec.editContainers(container ->
                        container.resources(each -> each.limits(Map.of("ephemeral-storage", Quantity.parse("10Mi"))))))
                .build();
        assertThat(StorageLimits.has(limited)).isTrue();
        takes(limited, 0, 1, new Disk(6 * MEBI, 1), new Disk(3 * MEBI, 1), Disk.NONE);
        assertThat(StorageLimits.exceeded(limited, usage.get("p"), false)).isEmpty();
        takes(limited, 0, 1, new Disk(6 * MEBI, 1), new Disk(3 * MEBI, 1), new Disk(2 * MEBI, 1));
        assertThat(StorageLimits.exceeded(limited, usage.get("p"), false))
                .contains("Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ");
        var two = limited.toBuilder()
                .editSpec(spec -> spec.addContainers(container -> container
                        .name("d")
                        .resources(each -> each.limits(Map.of("ephemeral-storage", Quantity.parse("90Mi"))))))
                .build();
        takes(two, 0, 1, new Disk(9 * MEBI, 1), new Disk(3 * MEBI, 1), Disk.NONE);
        assertThat(StorageLimits.exceeded(two, usage.get("p"), false))
                .contains("Container c exceeded its local ephemeral storage limit \"10Mi\". ");
        // What is written into layers is on another disk.
        assertThat(StorageLimits.exceeded(two, usage.get("p"), true)).isEmpty();
    }
}
