package io.navarch.agent.stats;

import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How much directories hold. Whatever is in them is only counted, by a program that follows no links and does not mind
/// how deep they are.
final class DiskUsage {
    private static final Logger LOG = LoggerFactory.getLogger(DiskUsage.class);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private DiskUsage() {}

    /// Of what cannot be counted nothing is said.
    static Map<Path, Disk> of(List<Path> directories) {
        if (directories.isEmpty()) return Map.of();
        var bytes = count(directories, "--block-size=1");
        var inodes = count(directories, "--inodes");
        var result = new HashMap<Path, Disk>();
        bytes.forEach((path, sum) -> result.put(path, new Disk(sum, inodes.getOrDefault(path, 0L))));
        return result;
    }

    private static Map<Path, Long> count(List<Path> directories, String what) {
        var command = new ArrayList<>(List.of("du", "--summarize", "--one-file-system", what, "--"));
        for (var directory : directories) command.add(directory.toString());
        var sums = new HashMap<Path, Long>();
        try {
            // Disk go while they are counted: then it says so, and the sums nevertheless.
            for (var line : Command.tryRun(command, "", LONGEST).out().split("\n")) {
                var words = line.split("\t", 2);
                if (words.length == 2 && words[0].matches("[0-9]{1,18}"))
                    sums.put(Path.of(words[1]), Long.parseLong(words[0]));
            }
        } catch (Command.FailedException e) {
            LOG.debug("{}", e.getMessage());
        }
        return sums;
    }
}
