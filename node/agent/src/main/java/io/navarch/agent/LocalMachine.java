package io.navarch.agent;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.model.NodeSystemInfo;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine that the agent runs on.
///
/// @param root whose file system's size counts as the node's disk
/// @param images where its runtime keeps images and what containers write
/// @param away why its container runtime is away, `""` when nobody knows
record LocalMachine(Path root, Path images, Supplier<String> away) implements Machine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalMachine.class);

    private static final String ARCHITECTURE = "amd64";
    private static final long UNKNOWN_MEMORY = 1L << 30;
    private static final String DEVICE = "unix:dev";
    private static final String MOST_PODS = "110";

    @Override
    public Map<String, Quantity> capacity() {
        var processors = processors();
        return Map.of(
                "cpu", Quantity.parse(processors),
                "memory", kibibytes(memory()),
                "ephemeral-storage", kibibytes(root.toFile().getTotalSpace()),
                "hugepages-1Gi", Quantity.ZERO,
                "hugepages-2Mi", Quantity.ZERO,
                "pods", Quantity.parse(MOST_PODS));
    }

    @Override
    public Map<Signal, Observation> observations() {
        var seen = new EnumMap<Signal, Observation>(Signal.class);
        observe(root, seen, Signal.NODEFS_AVAILABLE, Signal.NODEFS_INODES_FREE);
        observe(images, seen, Signal.IMAGEFS_AVAILABLE, Signal.IMAGEFS_INODES_FREE);
        var processes = processes();
        if (processes.most() > 0)
            seen.put(
                    Signal.PID_AVAILABLE,
                    new Observation(processes.most(), Math.max(0, processes.most() - processes.running())));
        return seen;
    }

    private static void observe(Path directory, Map<Signal, Observation> seen, Signal bytes, Signal inodes) {
        try {
            var space = FileSystemSpace.of(directory);
            seen.put(bytes, new Observation(space.bytes(), space.bytesAvailable()));
            seen.put(inodes, new Observation(space.inodes(), space.inodesFree()));
        } catch (IOException e) {
            LOG.debug("it is not known how much space is left: {}", e.getMessage());
        }
    }

    private static Quantity kibibytes(long bytes) {
        return Quantity.parse(bytes / 1024 + "Ki");
    }

    @Override
    public String runtimeAway() {
        return away.get();
    }

    @Override
    public long memory() {
        for (var line : read("/proc/meminfo").split("\n")) {
            if (line.startsWith("MemTotal:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
        return UNKNOWN_MEMORY;
    }

    @Override
    public long mostProcesses() {
        return Math.min(number("/proc/sys/kernel/pid_max"), number("/proc/sys/kernel/threads-max"));
    }

    @Override
    public NodeUsage.Processes processes() {
        // The fourth word: what could run, and all there is.
        var words = read("/proc/loadavg").split("[ /]");
        long running = words.length > 4 && words[4].matches("[0-9]{1,9}") ? Long.parseLong(words[4]) : 0;
        return new NodeUsage.Processes(running, mostProcesses());
    }

    @Override
    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public boolean separateImages() {
        try {
            return !Files.getAttribute(root, DEVICE).equals(Files.getAttribute(images, DEVICE));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Instant booted() {
        return read("/proc/stat")
                .lines()
                .filter(line -> line.matches("btime [0-9]{1,18}"))
                .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring("btime ".length()))))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /// The kernel gives the whole number at the first read of such a file, and nothing at the second.
    private static long number(String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            var bytes = new byte[32];
            var text = new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.US_ASCII).strip();
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public NodeSystemInfo.Builder systemInfo() {
        return NodeSystemInfo.builder()
                .machineID(read("/etc/machine-id"))
                .systemUUID(read("/sys/class/dmi/id/product_uuid"))
                .bootID(read("/proc/sys/kernel/random/boot_id"))
                .kernelVersion(read("/proc/sys/kernel/osrelease"))
                .osImage(osImage())
                .architecture(ARCHITECTURE);
    }

    @Override
    public Map<String, String> labels() {
        return Map.of(
                "kubernetes.io/arch", ARCHITECTURE,
                "beta.kubernetes.io/os", "linux",
                "beta.kubernetes.io/arch", ARCHITECTURE);
    }

    @Override
    public boolean appArmor() {
        return read("/sys/module/apparmor/parameters/enabled").startsWith("Y");
    }

    /// The name servers that the machine itself asks.
    static List<String> nameservers() {
        return read("/etc/resolv.conf")
                .lines()
                .filter(line -> line.startsWith("nameserver "))
                .map(line -> line.substring("nameserver ".length()).strip())
                .toList();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String osImage() {
        for (var line : read("/etc/os-release").split("\n")) {
            if (line.startsWith("PRETTY_NAME=")) return line.substring(12).replace("\"", "");
        }
        return "Linux";
    }
}
