package io.navarch.apps.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// From what was seen of a machine to what is wrong with it.
final class Diagnosis {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    /// Below this the pods' needs decide; the cluster itself takes a third of it.
    private static final long LITTLE_MEMORY = GIB;

    private static final long TOO_LITTLE_MEMORY = 512 * MIB;
    private static final long LITTLE_DISK = 5 * GIB;

    /// From here on a node says that its disk is short, and pods are ended.
    private static final double DISK_PRESSURE = 0.15;

    private static final double FEW_INODES = 0.05;

    /// Each pod's logs, and each program in it that watches files, takes some.
    private static final long FEW_WATCHES = 65_536;

    private static final long FEW_INSTANCES = 256;

    /// A clock that jumps back makes certificates that are not valid yet.
    private static final long CLOCK_SECONDS = 60;

    private static final int OLDEST_KERNEL = 5;

    /// Programs that a node needs, and the Debian packages they come in.
    static final Map<String, String> PROGRAMS = new TreeMap<>(Map.of(
            "containerd", "containerd",
            "runc", "runc",
            "bridge", "containernetworking-plugins",
            "nft", "nftables",
            "ip", "iproute2",
            "busybox", "busybox-static"));

    static final String CGROUPS = "/sys/fs/cgroup/cgroup.controllers";
    static final String CGROUPS_1 = "/proc/cgroups";
    static final String FORWARDING = "/proc/sys/net/ipv4/ip_forward";
    static final String WATCHES = "/proc/sys/fs/inotify/max_user_watches";
    static final String INSTANCES = "/proc/sys/fs/inotify/max_user_instances";
    static final String FILESYSTEMS = "/proc/filesystems";
    static final String REVERSE_PATH = "/proc/sys/net/ipv4/conf/all/rp_filter";

    private final Machine machine;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(Machine machine) {
        this.machine = machine;
    }

    static List<Finding> of(Machine machine) {
        var diagnosis = new Diagnosis(machine);
        diagnosis.user();
        diagnosis.programs();
        diagnosis.kernel();
        diagnosis.cgroups();
        diagnosis.memory();
        diagnosis.disk();
        diagnosis.inotify();
        diagnosis.clock();
        diagnosis.ports();
        diagnosis.nameservers();
        diagnosis.firewall();
        diagnosis.cluster();
        return List.copyOf(diagnosis.findings);
    }

    private void ok(String what) {
        findings.add(Finding.ok(what));
    }

    private void warning(String what, String advice) {
        findings.add(Finding.warning(what, advice));
    }

    private void problem(String what, String advice) {
        findings.add(Finding.problem(what, advice));
    }

    private void user() {
        if (machine.user().equals("root")) ok("user: root");
        else problem("user: " + machine.user(), "run as root: containers, networks and ports below 1024 need it");
    }

    private void programs() {
        var missing = PROGRAMS.entrySet().stream()
                .filter(each -> !machine.programs().contains(each.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
        if (missing.isEmpty()) ok("programs: all that a node needs are there");
        else problem("programs: missing " + missing, "apt-get install " + missing + " (`navarch up` does it itself)");
    }

    private void kernel() {
        var major = machine.kernel().split("\\.")[0];
        if (major.matches("[0-9]{1,4}") && Integer.parseInt(major) < OLDEST_KERNEL)
            warning("kernel: " + machine.kernel(), "use a kernel of " + OLDEST_KERNEL + ".0 or later");
        else ok("kernel: " + machine.kernel());
        machine.file(FILESYSTEMS)
                .filter(known -> !Arrays.asList(known.split("\\s+")).contains("overlay"))
                .ifPresent(known -> problem("kernel: no overlay file system", "modprobe overlay"));
    }

    private void cgroups() {
        var controllers = machine.file(CGROUPS);
        if (controllers.isPresent()) {
            var missing = missing(Arrays.asList(controllers.get().split(" ")), List.of("cpu", "memory", "pids"));
            if (missing.isEmpty()) ok("cgroups: version 2");
            else
                problem(
                        "cgroups: version 2 without " + missing,
                        "start the kernel with cgroup_enable=" + missing.replace(", ", ","));
            return;
        }
        var lines = machine.file(CGROUPS_1);
        if (lines.isEmpty()) {
            problem("cgroups: none can be seen", "mount /sys/fs/cgroup");
            return;
        }
        var enabled = lines.get()
                .lines()
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length == 4 && words[3].equals("1"))
                .map(words -> words[0])
                .toList();
        var missing = missing(enabled, List.of("cpu", "memory", "pids"));
        if (missing.isEmpty()) ok("cgroups: version 1");
        else
            problem(
                    "cgroups: version 1 without " + missing,
                    "start the kernel with cgroup_enable=" + missing.replace(", ", ","));
    }

    private static String missing(List<String> there, List<String> wanted) {
        return wanted.stream().filter(each -> !there.contains(each)).collect(Collectors.joining(", "));
    }

    private void memory() {
        var memory = machine.memory();
        var told = "memory: " + memory.total() / MIB + " MiB, " + memory.available() / MIB + " MiB available";
        if (memory.available() < TOO_LITTLE_MEMORY && !machine.cluster().serverRuns())
            problem(told, "a cluster alone takes about 400 MiB: end something, or use a larger machine");
        else if (memory.available() < LITTLE_MEMORY / 4)
            problem(told, "pods are about to be ended: end something, or give pods memory limits");
        else if (memory.total() < LITTLE_MEMORY) warning(told, "there is hardly room for pods");
        else ok(told);
    }

    private void disk() {
        var disk = machine.disk();
        var told = "disk: " + disk.usable() / GIB + " of " + disk.total() / GIB + " GiB free for " + disk.directory()
                + " (" + disk.fileSystem() + ")";
        if (disk.usable() < disk.total() * DISK_PRESSURE)
            problem(told, "below 15 % the node refuses pods (DiskPressure): make space, or use another --data-dir");
        else if (disk.usable() < LITTLE_DISK) warning(told, "images and logs take some GiB");
        else if (disk.fileSystem().equals("tmpfs"))
            warning(told, "what is kept in memory is gone after a restart of the machine");
        else if (disk.fileSystem().startsWith("nfs") || disk.fileSystem().equals("overlay"))
            problem(told, "containers cannot be unpacked on " + disk.fileSystem() + ": use a local disk (--data-dir)");
        else ok(told);
        if (disk.inodesFree() < FEW_INODES)
            problem(
                    "disk: " + Math.round(disk.inodesFree() * 100) + " % of the inodes are free",
                    "remove small files: a full table of inodes is a full disk");
    }

    private void inotify() {
        var watches = machine.number(WATCHES);
        var instances = machine.number(INSTANCES);
        boolean few = watches.isPresent() && watches.getAsLong() < FEW_WATCHES
                || instances.isPresent() && instances.getAsLong() < FEW_INSTANCES;
        if (few)
            warning(
                    "inotify: " + watches.orElse(0) + " watches, " + instances.orElse(0) + " instances for a user",
                    "programs in pods will say \"too many open files\": sysctl -w fs.inotify.max_user_watches=524288"
                            + " fs.inotify.max_user_instances=1024, and the same in /etc/sysctl.d/90-navarch.conf");
        else if (watches.isPresent()) ok("inotify: enough watches and instances");
    }

    private void clock() {
        var off = machine.secondsOff();
        if (off.isEmpty()) return;
        if (off.getAsLong() > CLOCK_SECONDS)
            problem(
                    "clock: " + off.getAsLong() + " s behind what this machine wrote last",
                    "set it (timedatectl set-ntp true): certificates and tokens are not valid yet, and leases end late");
        else ok("clock: goes on from what was written last");
    }

    private void ports() {
        var wanted = new TreeMap<Integer, String>(Map.of(
                machine.cluster().apiPort(),
                "the API (--port)",
                10250,
                "the node",
                10271,
                "the cluster's registry (--registry-port)",
                80,
                "the ingress",
                443,
                "the ingress"));
        boolean free = true;
        for (var listener : machine.listeners()) {
            var what = wanted.get(listener.port());
            if (what == null || listener.own() || !listener.protocol().equals("tcp")) continue;
            free = false;
            problem(
                    "ports: " + listener.port() + " is taken by " + listener.program() + ", and is for " + what,
                    "stop " + listener.program() + ", or give another port where there is an option for it");
        }
        if (free) ok("ports: none that is needed is taken by others");
    }

    private void nameservers() {
        var servers = machine.nameservers();
        if (servers.isEmpty()) {
            warning(
                    "DNS: /etc/resolv.conf names no server",
                    "pods find names of the cluster, and none outside: name one there");
            return;
        }
        var local = servers.stream()
                .filter(each -> each.startsWith("127.") || each.equals("::1"))
                .toList();
        if (local.size() == servers.size() && !local.contains("127.0.0.53"))
            warning(
                    "DNS: " + String.join(", ", servers),
                    "names outside are asked of this machine alone; if nobody answers there, name another server");
        else ok("DNS: " + String.join(", ", servers));
    }

    private void firewall() {
        if (machine.number(FORWARDING).orElse(1) == 0 && machine.cluster().serverRuns())
            problem(
                    "network: packets are not forwarded (net.ipv4.ip_forward is 0)",
                    "somebody has switched it off: sysctl -w net.ipv4.ip_forward=1, and look for it in /etc/sysctl.d");
        if (machine.number(REVERSE_PATH).orElse(0) == 1)
            warning(
                    "network: strict reverse path filter",
                    "packets between nodes may be dropped: sysctl -w net.ipv4.conf.all.rp_filter=2");
        var rules = machine.rules();
        if (rules.isEmpty()) return;
        var harmful = FirewallRules.harmful(rules.get());
        harmful.forEach(rule -> problem(
                "firewall: " + rule,
                "packets to and from pods are dropped: allow the pods' networks (10.244.0.0/16, 10.96.0.0/16) there"));
        if (harmful.isEmpty()) ok("firewall: no chain of others drops what is forwarded or comes in");
    }

    private void cluster() {
        var cluster = machine.cluster();
        if (!cluster.used()) ok("cluster: none yet in this data directory");
        else if (!cluster.serverRuns())
            warning("cluster: there is one, and its server does not run", "navarch up; navarch status says why");
        else if (!cluster.containerdRuns())
            warning("cluster: the server runs, and no containerd", "fine with --no-node; else see navarch status");
        else ok("cluster: runs (navarch status says more)");
    }
}
