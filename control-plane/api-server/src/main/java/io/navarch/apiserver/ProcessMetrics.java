package io.navarch.apiserver;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the operating system and the JVM say of this process, under the names that Prometheus clients use.
final class ProcessMetrics {
    private static final int PAGE = 4096;

    private ProcessMetrics() {}

    static void write(StringBuilder text) {
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.UnixOperatingSystemMXBean system) {
            metric(text, "process_cpu_seconds_total", "counter", system.getProcessCpuTime() / 1e9);
            metric(text, "process_open_fds", "gauge", system.getOpenFileDescriptorCount());
            metric(text, "process_max_fds", "gauge", system.getMaxFileDescriptorCount());
        }
        try {
            var pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
            metric(text, "process_virtual_memory_bytes", "gauge", Double.parseDouble(pages[0]) * PAGE);
            metric(text, "process_resident_memory_bytes", "gauge", Double.parseDouble(pages[1]) * PAGE);
        } catch (IOException e) {
            // Not on Linux: left out.
        }
        var runtime = ManagementFactory.getRuntimeMXBean();
        metric(text, "process_start_time_seconds", "gauge", runtime.getStartTime() / 1000.0);
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        metric(text, "jvm_memory_used_bytes", "gauge", heap.getUsed());
    }

    private static void metric(StringBuilder text, String name, String type, double value) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }
}
