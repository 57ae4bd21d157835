package io.navarch.process.pages;

import io.navarch.process.Metric;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the operating system and the JVM say of this process, under the names that Prometheus clients use.
public final class ProcessMetrics {
    private static final int PAGE = 4096;
    private static final Metric CPU =
            Metric.counter("process_cpu_seconds_total", "Time on processors, user and system, in seconds.");
    private static final Metric OPEN = Metric.gauge("process_open_fds", "File descriptors in use.");
    private static final Metric MOST_OPEN = Metric.gauge("process_max_fds", "File descriptors that may be in use.");
    private static final Metric VIRTUAL = Metric.gauge("process_virtual_memory_bytes", "Address space in bytes.");
    private static final Metric RESIDENT = Metric.gauge("process_resident_memory_bytes", "Memory held in bytes.");
    private static final Metric MOST_VIRTUAL =
            Metric.gauge("process_virtual_memory_max_bytes", "Address space that there may be, in bytes.");
    private static final Metric STARTED =
            Metric.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.");
    private static final Metric HEAP = Metric.gauge("jvm_memory_used_bytes", "Heap in use, garbage included.");

    private ProcessMetrics() {}

    static List<Metric.Sample> started() {
        return List.of(STARTED.of(ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0));
    }

    public static List<Metric.Sample> read() {
        var samples = new ArrayList<Metric.Sample>();
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.UnixOperatingSystemMXBean system) {
            samples.add(CPU.of(system.getProcessCpuTime() / 1e9));
            samples.add(OPEN.of(system.getOpenFileDescriptorCount()));
            samples.add(MOST_OPEN.of(system.getMaxFileDescriptorCount()));
        }
        try {
            var pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
            samples.add(VIRTUAL.of(Double.parseDouble(pages[0]) * PAGE));
            samples.add(MOST_VIRTUAL.of(Math.pow(2, 64)));
            samples.add(RESIDENT.of(Double.parseDouble(pages[1]) * PAGE));
        } catch (IOException e) {
            // Not on Linux: left out.
        }
        samples.addAll(started());
        samples.add(
                HEAP.of(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
        return samples;
    }
}
