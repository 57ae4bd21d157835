package io.navarch.apps.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.doctor.Finding.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    private static final long GIB = 1 << 30;
    private static final Machine.Cluster NONE = new Machine.Cluster(false, false, false, 6443);

    /// A machine that is fit, and what is otherwise in each test.
    private String user = "root";

    private String kernel = "6.1.0-13-amd64";
    private final Map<String, String> files = new HashMap<>(Map.of(
            Diagnosis.CGROUPS, "cpuset cpu io memory pids\n",
            Diagnosis.FILESYSTEMS, "nodev\tsysfs\nnodev\toverlay\n\text4\n",
            Diagnosis.WATCHES, "524288\n",
            Diagnosis.INSTANCES, "1024\n"));
    private Map<String, String> programs = Diagnosis.PROGRAMS;
    private Machine.Memory memory = new Machine.Memory(8 * GIB, 6 * GIB, 0);
    private Machine.Disk disk = new Machine.Disk(Path.of("/var/lib/navarch"), 100 * GIB, 60 * GIB, 0.9, "ext4");
    private List<Machine.Listener> listeners = List.of();
    private List<String> nameservers = List.of("192.0.2.1");
    private Optional<String> rules = Optional.empty();
    private OptionalLong secondsOff = OptionalLong.empty();
    private Machine.Cluster cluster = NONE;

    private List<Finding> wrong() {
        var machine = new Machine(
                user,
                kernel,
                files,
                programs.keySet(),
                memory,
                disk,
                listeners,
                nameservers,
                rules,
                secondsOff,
                cluster);
        return Diagnosis.of(machine).stream()
                .filter(each -> each.level() != Level.OK)
                .toList();
    }

    private void assertOnly(Level level, String what, String advice) {
        assertThat(wrong()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(level);
            assertThat(finding.what()).contains(what);
            assertThat(finding.advice()).contains(advice);
        });
    }

    @Test
    void aFitMachineHasNothingWrong() {
        assertThat(wrong()).isEmpty();
    }

    @Test
    void whoIsNotRootIsTold() {
        user = "me";
        assertOnly(Level.PROBLEM, "user: me", "root");
    }

    @Test
    void missingProgramsAreNamedWithTheirPackages() {
        programs = new HashMap<>(programs);
        programs.remove("nft");
        programs.remove("runc");
        assertOnly(Level.PROBLEM, "missing nftables runc", "apt-get install nftables runc");
    }

    @Test
    void anOldKernelAndOneWithoutOverlay() {
        kernel = "4.19.0";
        assertOnly(Level.WARNING, "4.19.0", "5.0");
        kernel = "6.1";
        files.put(Diagnosis.FILESYSTEMS, "nodev\tsysfs\n\text4\n");
        assertOnly(Level.PROBLEM, "overlay", "modprobe overlay");
    }

    @Test
    void controlGroupsOfEitherVersion() {
        files.put(Diagnosis.CGROUPS, "cpu io pids\n");
        assertOnly(Level.PROBLEM, "version 2 without memory", "cgroup_enable=memory");
        files.remove(Diagnosis.CGROUPS);
        files.put(
                Diagnosis.CGROUPS_1,
                "#subsys_name\thierarchy\tnum\tenabled\ncpu\t1\t2\t1\nmemory\t2\t3\t0\npids\t3\t1\t1\n");
        assertOnly(Level.PROBLEM, "version 1 without memory", "cgroup_enable=memory");
        files.put(Diagnosis.CGROUPS_1, "cpu\t1\t2\t1\nmemory\t2\t3\t1\npids\t3\t1\t1\n");
        assertThat(wrong()).isEmpty();
        files.remove(Diagnosis.CGROUPS_1);
        assertOnly(Level.PROBLEM, "none", "mount");
    }

    @Test
    void littleMemory() {
        memory = new Machine.Memory(GIB / 2, GIB / 4, 0);
        assertOnly(Level.PROBLEM, "512 MiB", "larger machine");
        memory = new Machine.Memory(GIB - 1, GIB * 3 / 4, 0);
        assertOnly(Level.WARNING, "memory", "hardly");
    }

    @Test
    void disksThatAreFullOrOfTheWrongSort() {
        disk = new Machine.Disk(Path.of("/d"), 100 * GIB, 10 * GIB, 0.9, "ext4");
        assertOnly(Level.PROBLEM, "10 of 100 GiB", "DiskPressure");
        disk = new Machine.Disk(Path.of("/d"), 100 * GIB, 60 * GIB, 0.01, "ext4");
        assertOnly(Level.PROBLEM, "1 % of the inodes", "inodes");
        disk = new Machine.Disk(Path.of("/d"), 100 * GIB, 60 * GIB, 0.9, "nfs4");
        assertOnly(Level.PROBLEM, "nfs4", "local disk");
        disk = new Machine.Disk(Path.of("/d"), 100 * GIB, 60 * GIB, 0.9, "tmpfs");
        assertOnly(Level.WARNING, "tmpfs", "restart");
    }

    @Test
    void inotifyAndTheClock() {
        files.put(Diagnosis.INSTANCES, "128\n");
        assertOnly(Level.WARNING, "128 instances", "fs.inotify.max_user_instances=1024");
        files.put(Diagnosis.INSTANCES, "1024\n");
        secondsOff = OptionalLong.of(3600);
        assertOnly(Level.PROBLEM, "3600 s behind", "timedatectl");
        secondsOff = OptionalLong.of(1);
        assertThat(wrong()).isEmpty();
    }

    @Test
    void portsThatOthersHave() {
        listeners = List.of(
                new Machine.Listener("tcp", 80, "process 7 (nginx)", false),
                new Machine.Listener("tcp", 6443, "process 8 (java)", true),
                new Machine.Listener("tcp", 22, "process 9 (sshd)", false));
        assertOnly(Level.PROBLEM, "80 is taken by process 7 (nginx), and is for the ingress", "stop process 7 (nginx)");
    }

    @Test
    void nameserversThatPodsCannotReach() {
        nameservers = List.of();
        assertOnly(Level.WARNING, "names no server", "name one");
        nameservers = List.of("127.0.0.1");
        assertOnly(Level.WARNING, "127.0.0.1", "another server");
        nameservers = List.of("127.0.0.53");
        assertThat(wrong()).isEmpty();
    }

    private static final String DOCKER = """
            table ip filter {
            	chain INPUT {
            		type filter hook input priority filter; policy accept;
            	}
            	chain FORWARD {
            		type filter hook forward priority filter; policy drop;
            		counter packets 0 bytes 0 jump DOCKER-USER
            	}
            }
            table inet navarch-proxy {
            	chain forward {
            		type filter hook forward priority filter; policy drop;
            	}
            }
            """;

    @Test
    void firewallsThatDropWhatPodsSend() {
        rules = Optional.of(DOCKER);
        assertOnly(Level.PROBLEM, "table ip filter, chain FORWARD drops what is forwarded", "10.244.0.0/16");
        rules = Optional.of(DOCKER.replace("jump DOCKER-USER", "jump DOCKER-USER\n\t\tip saddr 10.244.0.0/16 accept"));
        assertThat(wrong()).isEmpty();
        files.put(Diagnosis.FORWARDING, "0\n");
        assertThat(wrong()).isEmpty();
        cluster = new Machine.Cluster(true, true, true, 6443);
        assertOnly(Level.PROBLEM, "ip_forward is 0", "sysctl -w net.ipv4.ip_forward=1");
        files.put(Diagnosis.FORWARDING, "1\n");
        files.put(Diagnosis.REVERSE_PATH, "1\n");
        assertOnly(Level.WARNING, "reverse path", "rp_filter=2");
    }

    @Test
    void aClusterThatDoesNotRun() {
        cluster = new Machine.Cluster(true, false, false, 6443);
        assertOnly(Level.WARNING, "its server does not run", "navarch up");
    }
}
