package io.navarch.apps.doctor;

import io.navarch.cli.TerminalText;
import io.navarch.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Looks at the machine that this runs on. Nothing is changed.
public final class MachineReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String LISTENING = "0A";

    private static final List<String> FILES = List.of(
            Diagnosis.CGROUPS,
            Diagnosis.CGROUPS_1,
            Diagnosis.FORWARDING,
            Diagnosis.WATCHES,
            Diagnosis.INSTANCES,
            Diagnosis.FILESYSTEMS,
            Diagnosis.REVERSE_PATH);

    private static final List<String> DIRECTORIES =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/cni");

    private static final List<String> WRITTEN = List.of("server.beat", "server.log", "agent.beat", "FORMAT");

    private final Path data;

    private MachineReader(Path data) {
        this.data = data;
    }

    /// What a cluster on this machine is like.
    ///
    /// @param processes of its own
    public record Cluster(boolean used, boolean serverRuns, boolean containerdRuns, int apiPort, Set<Long> processes) {}

    /// What is to be said of this machine.
    public static List<Finding> findings(Path data, Cluster cluster, Instant now) throws IOException {
        return Diagnosis.of(new MachineReader(data).read(cluster, now));
    }

    private Machine read(Cluster cluster, Instant now) throws IOException {
        var files = new HashMap<String, String>();
        for (var file : FILES) text(file).ifPresent(text -> files.put(file, text));
        return new Machine(
                System.getProperty("user.name"),
                System.getProperty("os.version"),
                Map.copyOf(files),
                programs(),
                memory(),
                disk(),
                listeners(cluster.processes),
                nameservers(),
                rules(),
                behind(now),
                new Machine.Cluster(cluster.used, cluster.serverRuns, cluster.containerdRuns, cluster.apiPort));
    }

    private static Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> programs() {
        var found = new HashSet<String>();
        for (var program : Diagnosis.PROGRAMS.keySet())
            if (DIRECTORIES.stream().anyMatch(each -> Files.isExecutable(Path.of(each, program)))) found.add(program);
        return found;
    }

    private static Machine.Memory memory() {
        var values = new HashMap<String, Long>();
        text("/proc/meminfo").orElse("").lines().forEach(line -> {
            var words = line.split("[: ]+");
            if (words.length > 1 && words[1].matches("[0-9]{1,15}"))
                values.put(words[0], Long.parseLong(words[1]) << 10);
        });
        return new Machine.Memory(
                values.getOrDefault("MemTotal", 0L),
                values.getOrDefault("MemAvailable", 0L),
                values.getOrDefault("SwapTotal", 0L));
    }

    private Machine.Disk disk() throws IOException {
        var there = data;
        while (!Files.exists(there)) {
            var above = there.getParent();
            if (above == null) break;
            there = above;
        }
        var store = Files.getFileStore(there);
        return new Machine.Disk(data, store.getTotalSpace(), store.getUsableSpace(), inodes(there), store.type());
    }

    /// The share of inodes that is free; all of them where the file system does not count them.
    private static double inodes(Path there) {
        var told = said("df", "--output=iavail,itotal", there.toString()).orElse("");
        var words =
                told.strip().lines().reduce("", (former, last) -> last).strip().split("\\s+");
        if (words.length != 2 || !words[0].matches("[0-9]+") || !words[1].matches("[1-9][0-9]*")) return 1;
        return Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
    }

    private static List<Machine.Listener> listeners(Set<Long> own) {
        var ports = new TreeMap<String, Integer>();
        for (var file : List.of("/proc/net/tcp", "/proc/net/tcp6"))
            text(file).orElse("").lines().skip(1).forEach(line -> {
                var words = line.strip().split("\\s+");
                if (words.length > 9 && words[3].equals(LISTENING))
                    ports.put("socket:[" + words[9] + "]", Integer.parseInt(words[1].replaceFirst(".*:", ""), 16));
            });
        var found = new ArrayList<Machine.Listener>();
        var owners = owners(ports.keySet());
        ports.forEach((socket, port) -> {
            var owner = Optional.ofNullable(owners.get(socket));
            found.add(new Machine.Listener(
                    "tcp",
                    port,
                    owner.map(pid -> "process " + pid + " ("
                                    + TerminalText.of(text("/proc/" + pid + "/comm")
                                            .orElse("?")
                                            .strip()) + ")")
                            .orElse("somebody"),
                    owner.filter(own::contains).isPresent()));
        });
        return found;
    }

    /// Which process has a socket, by what its descriptors are links to.
    private static Map<String, Long> owners(Set<String> sockets) {
        var owners = new HashMap<String, Long>();
        ProcessHandle.allProcesses().forEach(process -> {
            try (var descriptors = Files.newDirectoryStream(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
                for (var descriptor : descriptors) {
                    var to = Files.readSymbolicLink(descriptor).toString();
                    if (sockets.contains(to)) owners.putIfAbsent(to, process.pid());
                }
            } catch (IOException | DirectoryIteratorException e) {
                // It has ended, or is not ours to look at.
                return;
            }
        });
        return owners;
    }

    private static List<String> nameservers() {
        return text("/etc/resolv.conf")
                .orElse("")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .map(words -> words[1])
                .toList();
    }

    private static Optional<String> rules() {
        return said("nft", "list", "ruleset");
    }

    /// What a program says; nothing when it is not there or fails.
    private static Optional<String> said(String... command) {
        try {
            var result = Command.tryRun(List.of(command), "", PATIENCE);
            return result.exitCode() == 0 ? Optional.of(result.out()) : Optional.empty();
        } catch (Command.FailedException e) {
            return Optional.empty();
        }
    }

    private OptionalLong behind(Instant now) throws IOException {
        var latest = OptionalLong.empty();
        for (var name : WRITTEN) {
            var file = data.resolve(name);
            if (!Files.exists(file)) continue;
            long seconds = Files.getLastModifiedTime(file).toInstant().getEpochSecond() - now.getEpochSecond();
            latest = OptionalLong.of(Math.max(seconds, latest.orElse(0)));
        }
        return latest;
    }
}
