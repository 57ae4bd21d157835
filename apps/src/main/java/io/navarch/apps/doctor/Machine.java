package io.navarch.apps.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What was seen of a machine. What could not be found out is empty.
///
/// @param user who looks
/// @param kernel its version, such as `6.1.0-13-amd64`
/// @param files below `/proc` and `/sys` and what stands in them, those that are there
/// @param programs that were found
/// @param nameservers in the machine's resolver configuration
/// @param rules of the firewall, as `nft list ruleset` prints them
/// @param secondsOff how far the clock is behind what was last written by this machine
record Machine(
        String user,
        String kernel,
        Map<String, String> files,
        Set<String> programs,
        Memory memory,
        Disk disk,
        List<Listener> listeners,
        List<String> nameservers,
        Optional<String> rules,
        OptionalLong secondsOff,
        Cluster cluster) {

    /// In bytes.
    record Memory(long total, long available, long swap) {}

    /// Of the file system with the data directory.
    ///
    /// @param fileSystem its sort, such as `ext4`
    record Disk(Path directory, long total, long usable, double inodesFree, String fileSystem) {}

    /// Somebody who listens at a port.
    ///
    /// @param own whether it is a part of this cluster
    record Listener(String protocol, int port, String program, boolean own) {}

    /// What of the cluster is there.
    ///
    /// @param used whether the data directory has been used
    record Cluster(boolean used, boolean serverRuns, boolean containerdRuns, int apiPort) {}

    /// What stands in a file, without the end of its line.
    Optional<String> file(String path) {
        return Optional.ofNullable(files.get(path)).map(String::strip);
    }

    OptionalLong number(String path) {
        return file(path)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }
}
