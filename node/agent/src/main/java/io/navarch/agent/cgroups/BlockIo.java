package io.navarch.agent.cgroups;

import io.navarch.agent.cgroups.CgroupUsage.DiskIo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a group has read from and written to disks, of either version's files.
///
/// @param devices where the kernel tells which device has which number
record BlockIo(Path devices) {
    static final BlockIo OF_MACHINE = new BlockIo(Path.of("/sys/dev/block"));

    /// The second version's `io.stat`: lines such as `8:0 rbytes=1 wbytes=2 rios=3 wios=4 …`.
    List<DiskIo> unified(Path file) {
        var all = new ArrayList<DiskIo>();
        for (var line : CgroupFiles.text(file).split("\n")) {
            var words = line.split(" ");
            if (!words[0].contains(":")) continue;
            var values = new HashMap<String, Long>();
            for (var word : words) {
                int equals = word.indexOf('=');
                if (equals > 0) values.put(word.substring(0, equals), CgroupFiles.number(word.substring(equals + 1)));
            }
            all.add(new DiskIo(
                    name(words[0]),
                    values.getOrDefault("rbytes", 0L),
                    values.getOrDefault("rios", 0L),
                    values.getOrDefault("wbytes", 0L),
                    values.getOrDefault("wios", 0L)));
        }
        return all;
    }

    /// The first version's two files, each with lines such as `8:0 Read 12`.
    List<DiskIo> separate(Path bytesFile, Path timesFile) {
        var bytes = operations(bytesFile);
        var times = operations(timesFile);
        var all = new ArrayList<DiskIo>();
        bytes.forEach((device, of) -> {
            var counts = times.getOrDefault(device, Map.of());
            all.add(new DiskIo(
                    name(device),
                    of.getOrDefault("Read", 0L),
                    counts.getOrDefault("Read", 0L),
                    of.getOrDefault("Write", 0L),
                    counts.getOrDefault("Write", 0L)));
        });
        return all;
    }

    private static Map<String, Map<String, Long>> operations(Path file) {
        var all = new HashMap<String, Map<String, Long>>();
        for (var line : CgroupFiles.text(file).split("\n")) {
            var words = line.split(" ");
            if (words.length == 3)
                all.computeIfAbsent(words[0], device -> new HashMap<>()).put(words[1], CgroupFiles.number(words[2]));
        }
        return all;
    }

    /// A device that nobody names keeps its number.
    private String name(String number) {
        if (!number.matches("[0-9]+:[0-9]+")) return number;
        for (var line :
                CgroupFiles.text(devices.resolve(number).resolve("uevent")).split("\n"))
            if (line.startsWith("DEVNAME=")) return "/dev/" + line.substring("DEVNAME=".length());
        return number;
    }
}
