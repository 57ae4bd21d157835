package io.navarch.agent.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.stats.MetricsText.Kind;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.agent.stats.NodeUsage.Group;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.NodeUsage.VolumeUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static CgroupUsage usage(Instant time, long nanos, long memory) {
        return new CgroupUsage(
                time,
                new CgroupUsage.Cpu(nanos, 0, 0, 0, 0, 0),
                new CgroupUsage.Memory(0, memory, 100, 0, 0, 0, 0, 0, 0, 0, 0),
                3,
                List.of(new CgroupUsage.DiskIo("/dev/sda", 4096, 1, 8192, 2)));
    }

    private static Optional<Group> group(long nanos, long memory) {
        return Optional.of(new Group(usage(START, nanos, memory), -1));
    }

    private static NodeUsage node(Optional<Group> machine, PodUsage... pods) {
        return new NodeUsage(
                START,
                START,
                new NodeUsage.Size(2, 1 << 30),
                machine,
                Optional.empty(),
                "/kubepods",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                new NodeUsage.Processes(1, 2),
                List.of(pods));
    }

    private static PodUsage pod(Optional<Group> group, ContainerUsage container, VolumeUsage... volumes) {
        return new PodUsage(
                "ns", "p", "u", START, "/kubepods/podu", group, List.of(), List.of(container), List.of(volumes));
    }

    private static ContainerUsage container(Optional<Group> group) {
        return new ContainerUsage("c", "id", "image", START, group, new Disk(10, 1), new Disk(20, 2));
    }

    @Test
    void whatIsScraped() {
        var text = ResourceMetrics.of(node(
                group(5_000_000_000L, 1100), pod(group(2_500_000_000L, 600), container(group(1_000_000_000L, 500)))));
        assertThat(text)
                .contains("node_cpu_usage_seconds_total 5 1767225600000\n")
                .contains("node_memory_working_set_bytes 1000 1767225600000\n")
                .contains("pod_cpu_usage_seconds_total{namespace=\"ns\",pod=\"p\"} 2.5 1767225600000\n")
                .contains(
                        "container_memory_working_set_bytes{container=\"c\",namespace=\"ns\",pod=\"p\"} 400 1767225600000\n")
                .contains("container_start_time_seconds{container=\"c\",namespace=\"ns\",pod=\"p\"} 1767225600\n")
                .contains("resource_scrape_error 0\n");
    }

    @Test
    void whatHasGoneWhileItWasReadIsLeftOut() {
        var text = ResourceMetrics.of(node(Optional.empty(), pod(Optional.empty(), container(Optional.empty()))));
        assertThat(text).contains("scrape_error 1\n").doesNotContain("pod=");
        assertThat(ContainerMetrics.of(node(Optional.empty(), pod(Optional.empty(), container(Optional.empty())))))
                .contains("machine_cpu_cores 2\n")
                .contains("container_scrape_error 1\n");
    }

    @Test
    void aMetricIsToldOnceHoweverManyHaveIt() {
        var text = new MetricsText()
                .add(Kind.GAUGE, "m", "help", 1, "a", "x\"y")
                .add(Kind.COUNTER, "l", "help", 0.25)
                .add(Kind.GAUGE, "m", "help", 2, "a", "z")
                .toString();
        assertThat(text).isEqualTo("""
                # HELP l help
                # TYPE l counter
                l 0.25
                # HELP m help
                # TYPE m gauge
                m{a="x\\"y"} 1
                m{a="z"} 2
                """);
    }

    @Test
    void ratesNeedTwoLooks() {
        var rates = new Rates();
        assertThat(rates.next("g", usage(START, 1_000_000_000L, 0))).isNegative();
        // Too close to tell.
        assertThat(rates.next("g", usage(START.plusMillis(10), 9_000_000_000L, 0)))
                .isNegative();
        assertThat(rates.next("g", usage(START.plusSeconds(2), 2_000_000_000L, 0)))
                .isEqualTo(500_000_000L);
        assertThat(rates.next("g", usage(START.plusSeconds(4), 2_500_000_000L, 0)))
                .isEqualTo(250_000_000L);
        // Another group of the same name, or a clock that was set back.
        assertThat(rates.next("g", usage(START.plusSeconds(6), 0, 0))).isEqualTo(250_000_000L);
        assertThat(rates.next("g", usage(START, 1, 0))).isEqualTo(250_000_000L);
        rates.keepOnly(Set.of());
        assertThat(rates.next("g", usage(START.plusSeconds(9), 0, 0))).isNegative();
    }

    @Test
    void whatInterfacesHaveCarried() {
        var found = Network.parse("""
                Inter-|   Receive
                 face |bytes
                    lo: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0
                  eth0: 2156 7 3 1 0 0 0 0 612 5 4 2 0 0 0 0
                 broken: 1
                """);
        assertThat(found)
                .containsExactly(new NodeUsage.Interface(
                        "eth0", new NodeUsage.Carried(2156, 7, 3, 1), new NodeUsage.Carried(612, 5, 4, 2)));
        assertThat(Network.of(-1)).isEmpty();
    }

    @Test
    void whatDirectoriesHold(@TempDir Path root) throws Exception {
        var one = Files.createDirectories(root.resolve("one/deep"));
        Files.write(one.resolve("file"), new byte[100_000]);
        Files.createSymbolicLink(root.resolve("one/link"), Path.of("/usr"));
        var two = Files.createDirectory(root.resolve("-two"));
        var found = DiskUsage.of(List.of(root.resolve("one"), two, root.resolve("gone")));
        assertThat(found).containsOnlyKeys(root.resolve("one"), two);
        assertThat(found.get(root.resolve("one")).bytes()).isBetween(100_000L, 1_000_000L);
        assertThat(found.get(root.resolve("one")).inodes()).isEqualTo(4);
        assertThat(DiskUsage.of(List.of())).isEmpty();
    }

    @Test
    void whatAPodTakesOfTheDiskItself() {
        var own = new VolumeUsage("v", new Disk(1000, 10), Optional.empty(), true);
        var mounted = new VolumeUsage("w", new Disk(5000, 50), Optional.empty(), false);
        assertThat(pod(group(0, 0), container(group(0, 0)), own, mounted).ephemeral())
                .isEqualTo(new Disk(1030, 13));
    }
}
