package io.navarch.agent.numa;

import io.navarch.agent.numa.MachineTopology.NumaNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the kernel says of the machine.
///
/// @param directory `/sys/devices/system`
/// @param memory bytes of the whole machine, for one that does not tell of nodes
public record MachineFiles(Path directory, long memory) {
    private static final int LONGEST = 64 << 10;
    private static final Pattern NODE = Pattern.compile("node([0-9]{1,4})");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+([0-9]{1,15}) kB");
    private static final Pattern PAGES = Pattern.compile("hugepages-([0-9]{1,12})kB");
    private static final int LAST_LEVEL = 3;

    public MachineTopology read() {
        var online = set("cpu/online");
        var cpus = new ArrayList<Cpu>();
        var nodes = new ArrayList<NumaNode>();
        directories("node", NODE).forEach((id, node) -> {
            int number = Math.toIntExact(id);
            cpus.addAll(
                    cpus(number, set("node/" + node.getFileName() + "/cpulist").both(online)));
            nodes.add(node(number, node));
        });
        if (nodes.isEmpty()) {
            cpus.addAll(cpus(0, online));
            nodes.add(new NumaNode(0, memory, pages(directory.resolve("../../kernel/mm/hugepages")), List.of()));
        }
        return new MachineTopology(new Cpus(List.copyOf(cpus)), List.copyOf(nodes));
    }

    private NumaNode node(int id, Path node) {
        var total = TOTAL.matcher(text(node.resolve("meminfo")));
        long bytes = total.find() ? Long.parseLong(total.group(1)) * 1024 : 0;
        var distances = new ArrayList<Long>();
        for (var word : text(node.resolve("distance")).split("\\s+"))
            if (word.matches("[0-9]{1,9}")) distances.add(Long.parseLong(word));
        return new NumaNode(id, bytes, pages(node.resolve("hugepages")), List.copyOf(distances));
    }

    private static Map<Long, Long> pages(Path directory) {
        var pages = new HashMap<Long, Long>();
        directories(directory, PAGES).forEach((kibibytes, size) -> {
            long count = number(size.resolve("nr_hugepages")).orElse(0);
            pages.put(kibibytes * 1024, kibibytes * 1024 * count);
        });
        return Map.copyOf(pages);
    }

    private record Core(long socket, long number) {}

    private List<Cpu> cpus(int node, CpuSet ids) {
        var lowest = new HashMap<Core, Integer>();
        for (int id : ids.ids()) lowest.merge(core(id), id, Math::min);
        var cpus = new ArrayList<Cpu>();
        for (int id : ids.ids()) {
            var core = core(id);
            int socket = (int) core.socket;
            cpus.add(new Cpu(id, lowest.getOrDefault(core, id), socket, node, cache(id, ids.size(), socket)));
        }
        return cpus;
    }

    private Core core(int id) {
        var topology = directory.resolve("cpu/cpu" + id + "/topology");
        return new Core(
                number(topology.resolve("physical_package_id")).orElse(0),
                number(topology.resolve("core_id")).orElse(id));
    }

    /// A cache that all of a node share says nothing.
    private int cache(int id, int ofNode, int otherwise) {
        for (var index : directories(directory.resolve("cpu/cpu" + id + "/cache"), Pattern.compile("index([0-9]{1,2})"))
                .values()) {
            if (number(index.resolve("level")).orElse(0) != LAST_LEVEL) continue;
            var number = number(index.resolve("id"));
            if (number.isPresent()
                    && parsed(text(index.resolve("shared_cpu_list"))).size() != ofNode) return (int) number.getAsLong();
        }
        return otherwise;
    }

    private SortedMap<Long, Path> directories(String name, Pattern pattern) {
        return directories(directory.resolve(name), pattern);
    }

    private static SortedMap<Long, Path> directories(Path directory, Pattern pattern) {
        var found = new TreeMap<Long, Path>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                var matcher = pattern.matcher(entry.getFileName().toString());
                if (matcher.matches()) found.put(Long.parseLong(matcher.group(1)), entry);
            }
        } catch (IOException e) {
            return new TreeMap<>();
        }
        return found;
    }

    private CpuSet set(String name) {
        return parsed(text(directory.resolve(name)));
    }

    private static CpuSet parsed(String text) {
        try {
            return CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            return CpuSet.EMPTY;
        }
    }

    private static OptionalLong number(Path file) {
        var text = text(file);
        return text.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
