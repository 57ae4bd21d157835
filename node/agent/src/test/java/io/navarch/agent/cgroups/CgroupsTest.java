package io.navarch.agent.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.CgroupLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Directories stand for the kernel's, which makes the files in them by itself.
class CgroupsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final CgroupLimits LIMITS = new CgroupLimits(
            OptionalLong.of(1024),
            OptionalLong.of(50_000),
            OptionalLong.of(100_000),
            OptionalLong.of(1 << 20),
            OptionalLong.of(7),
            Map.of(2L << 20, 4L << 20));

    @TempDir
    private Path root;

    private Path group;

    @BeforeEach
    void group() throws IOException {
        group = Files.createDirectories(root.resolve("kubepods/pod1"));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(group.resolve(name), text);
    }

    private String text(String name) throws IOException {
        return Files.readString(group.resolve(name));
    }

    private Cgroups separate() {
        var mounts = Map.of("cpu", root, "cpuacct", root, "memory", root, "pids", root, "hugetlb", root);
        return new SeparateCgroups(new Hierarchies(List.of(root), mounts, false), CLOCK);
    }

    private Cgroups unified() {
        return new UnifiedCgroups(root, root.resolve("meminfo"), CLOCK);
    }

    @Test
    void whatDisksCarried() throws IOException {
        var devices = root.resolve("devices");
        Files.createDirectories(devices.resolve("8:0"));
        Files.writeString(devices.resolve("8:0/uevent"), "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n");
        file("io.stat", "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n253:1 rbytes=5\nbroken\n");
        var io = new BlockIo(devices);
        assertThat(io.unified(group.resolve("io.stat")))
                .containsExactly(
                        new CgroupUsage.DiskIo("/dev/sda", 4096, 1, 8192, 2),
                        new CgroupUsage.DiskIo("253:1", 5, 0, 0, 0));
        file("bytes", "8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\nTotal 12288\n");
        file("times", "8:0 Read 1\n8:0 Write 2\nTotal 3\n");
        assertThat(io.separate(group.resolve("bytes"), group.resolve("times")))
                .containsExactly(new CgroupUsage.DiskIo("/dev/sda", 4096, 1, 8192, 2));
        assertThat(io.separate(group.resolve("none"), group.resolve("times"))).isEmpty();
    }

    @Test
    void limitsOfTheFirstVersion() throws IOException {
        for (var name : List.of(
                "cpu.shares",
                "cpu.cfs_period_us",
                "cpu.cfs_quota_us",
                "pids.max",
                "memory.limit_in_bytes",
                "hugetlb.2MB.limit_in_bytes")) file(name, "");
        separate().apply("/kubepods/pod1", LIMITS);
        assertThat(text("cpu.shares")).isEqualTo("1024");
        assertThat(text("cpu.cfs_quota_us")).isEqualTo("50000");
        assertThat(text("cpu.cfs_period_us")).isEqualTo("100000");
        assertThat(text("pids.max")).isEqualTo("7");
        assertThat(text("memory.limit_in_bytes")).isEqualTo("1048576");
        assertThat(text("hugetlb.2MB.limit_in_bytes")).isEqualTo("4194304");
    }

    @Test
    void limitsOfTheSecondVersion() throws IOException {
        for (var name : List.of("cpu.weight", "cpu.max", "pids.max", "memory.max", "hugetlb.2MB.max")) file(name, "");
        Files.writeString(root.resolve("cgroup.controllers"), "cpu memory rdma");
        Files.writeString(root.resolve("cgroup.subtree_control"), "cpu");
        unified().apply("/kubepods/pod1", LIMITS);
        assertThat(root.resolve("cgroup.subtree_control")).hasContent("+memory");
        assertThat(text("cpu.weight")).isEqualTo("39");
        assertThat(text("cpu.max")).isEqualTo("50000 100000");
        assertThat(text("memory.max")).isEqualTo("1048576");
        assertThat(text("hugetlb.2MB.max")).isEqualTo("4194304");
        unified()
                .apply(
                        "/kubepods/pod1",
                        new CgroupLimits(
                                OptionalLong.empty(),
                                OptionalLong.of(-1),
                                OptionalLong.of(100_000),
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                Map.of()));
        assertThat(text("cpu.max")).isEqualTo("max 100000");
        assertThat(text("memory.max")).isEqualTo("1048576");
    }

    @Test
    void whatTheFirstVersionTells() throws IOException {
        file("cpuacct.usage", "5000000000\n");
        file("cpuacct.stat", "user 300\nsystem 200\n");
        file("cpu.stat", "nr_periods 9\nnr_throttled 2\nthrottled_time 77\n");
        file("memory.usage_in_bytes", "1000\n");
        file("memory.limit_in_bytes", "9223372036854771712\n");
        file("memory.stat", "rss 1\ntotal_inactive_file 400\ntotal_rss 500\n");
        file("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        file("pids.current", "4\n");
        var usage = separate().usage("/kubepods/pod1").orElseThrow();
        assertThat(usage.cpu())
                .isEqualTo(new CgroupUsage.Cpu(5_000_000_000L, 3_000_000_000L, 2_000_000_000L, 9, 2, 77));
        assertThat(usage.memory().workingSet()).isEqualTo(600);
        assertThat(usage.memory().rss()).isEqualTo(500);
        assertThat(usage.memory().limit()).isZero();
        assertThat(usage.memory().oomKills()).isEqualTo(3);
        assertThat(usage.processes()).isEqualTo(4);
    }

    @Test
    void whatTheSecondVersionTells() throws IOException {
        file("cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 9\nnr_throttled 2\nthrottled_usec 7\n");
        file("memory.current", "1000\n");
        file("memory.max", "max\n");
        file("memory.stat", "anon 500\nfile 480\ninactive_file 1400\npgfault 8\n");
        file("memory.events", "oom 4\noom_kill 3\n");
        file("pids.current", "4\n");
        var usage = unified().usage("/kubepods/pod1").orElseThrow();
        assertThat(usage.cpu()).isEqualTo(new CgroupUsage.Cpu(5000, 3000, 2000, 9, 2, 7000));
        // The files are read one after the other.
        assertThat(usage.memory().workingSet()).isZero();
        assertThat(usage.memory().oomKills()).isEqualTo(3);
        Files.writeString(root.resolve("meminfo"), "MemTotal:  10 kB\nMemFree:  4 kB\n");
        assertThat(unified().usage("").orElseThrow().memory().usage()).isEqualTo(6 << 10);
    }

    @Test
    void whatHasGoneTellsNothing() {
        assertThat(separate().usage("/kubepods/pod2")).isEmpty();
        assertThat(unified().usage("/kubepods/pod2")).isEmpty();
        // The directory is there, its files are not any more.
        assertThat(separate().usage("/kubepods/pod1").orElseThrow().memory().usage())
                .isZero();
        assertThat(unified().children("/other")).isEmpty();
        assertThat(unified().processes("/other")).isEmpty();
    }

    @Test
    void groupsGoWithThoseBelowThem() throws IOException {
        Files.createDirectory(group.resolve("c"));
        assertThat(unified().children("/kubepods/pod1")).containsExactly("c");
        unified().remove("/kubepods/pod1");
        assertThat(group).doesNotExist();
        unified().remove("/kubepods/pod1");
        Files.createDirectories(group);
        file("cgroup.procs", "12\n13\n");
        assertThat(unified().processes("/kubepods")).containsExactly(12L, 13L);
        assertThatThrownBy(() -> unified().remove("/kubepods/pod1")).isInstanceOf(IOException.class);
    }

    @Test
    void whereTheyAreMounted() {
        var first = Hierarchies.parse(List.of(
                "tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0",
                "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0",
                "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0",
                "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0"));
        assertThat(first.unified()).isFalse();
        assertThat(first.byController()).containsOnlyKeys("cpu", "cpuacct");
        assertThat(first.all()).hasSize(3);
        var second = Hierarchies.parse(List.of("cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0"));
        assertThat(second.unified()).isTrue();
        assertThat(Hierarchies.parse(List.of()).unified()).isFalse();
    }
}
