package io.navarch.agent.cgroups;

import java.time.Instant;
import java.util.List;

/// What a control group takes.
///
/// @param time of the look
/// @param io by disk
public record CgroupUsage(Instant time, Cpu cpu, Memory memory, long processes, List<DiskIo> io) {
    /// @param device such as `/dev/sda`
    public record DiskIo(String device, long readBytes, long reads, long writtenBytes, long writes) {}

    /// @param nanos that its processes ran
    /// @param userNanos of these, in programs
    /// @param systemNanos of these, in the kernel
    /// @param periods in which it had a quota and something to run
    /// @param throttledPeriods in which the quota was used up
    /// @param throttledNanos that processes waited for the next one
    public record Cpu(
            long nanos, long userNanos, long systemNanos, long periods, long throttledPeriods, long throttledNanos) {}

    /// Bytes, but faults.
    ///
    /// @param limit 0 for none
    /// @param inactiveFile of the usage, what the kernel would take back first
    public record Memory(
            long limit,
            long usage,
            long inactiveFile,
            long rss,
            long cache,
            long mappedFile,
            long swap,
            long swapLimit,
            long faults,
            long majorFaults,
            long oomKills) {
        /// What cannot be taken back at once.
        public long workingSet() {
            return Math.max(0, usage - inactiveFile);
        }
    }
}
