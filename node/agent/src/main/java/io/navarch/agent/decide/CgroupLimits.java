package io.navarch.agent.decide;

import java.util.Map;
import java.util.OptionalLong;

/// What a control group may take. What is empty stays as the kernel, or an earlier agent, has it.
///
/// @param cpuShares from 2 to 262144, as the first version of control groups counts them
/// @param cpuQuota microseconds of processors in each period; negative for as many as there are
/// @param cpuPeriod microseconds
/// @param memory bytes
/// @param pids processes and threads
/// @param hugePages bytes by the size of a page
public record CgroupLimits(
        OptionalLong cpuShares,
        OptionalLong cpuQuota,
        OptionalLong cpuPeriod,
        OptionalLong memory,
        OptionalLong pids,
        Map<Long, Long> hugePages) {
    public static final CgroupLimits NONE = new CgroupLimits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Map.of());

    /// The smallest that the kernel takes.
    static final long LEAST_SHARES = 2;

    private static final long MOST_SHARES = 262_144;
    private static final long SHARES_OF_A_PROCESSOR = 1024;
    static final long PERIOD_MICROS = 100_000;
    /// The kernel takes no less.
    private static final long LEAST_QUOTA_MICROS = 1000;

    /// @param milli thousandths of a processor
    static long shares(long milli) {
        return Math.clamp(milli * SHARES_OF_A_PROCESSOR / 1000, LEAST_SHARES, MOST_SHARES);
    }

    /// Microseconds in each period, 0 for no limit.
    ///
    /// @param milli thousandths of a processor
    static long quota(long milli) {
        return milli == 0 ? 0 : Math.max(LEAST_QUOTA_MICROS, milli * PERIOD_MICROS / 1000);
    }

    CgroupLimits withShares(long shares) {
        return new CgroupLimits(OptionalLong.of(shares), cpuQuota, cpuPeriod, memory, pids, hugePages);
    }

    CgroupLimits withQuota(long quota) {
        return new CgroupLimits(
                cpuShares,
                OptionalLong.of(quota == 0 ? -1 : quota),
                OptionalLong.of(PERIOD_MICROS),
                memory,
                pids,
                hugePages);
    }

    CgroupLimits withMemory(long bytes) {
        return new CgroupLimits(cpuShares, cpuQuota, cpuPeriod, OptionalLong.of(bytes), pids, hugePages);
    }

    CgroupLimits withPids(long most) {
        return new CgroupLimits(cpuShares, cpuQuota, cpuPeriod, memory, OptionalLong.of(most), hugePages);
    }

    CgroupLimits withHugePages(Map<Long, Long> limits) {
        return new CgroupLimits(cpuShares, cpuQuota, cpuPeriod, memory, pids, limits);
    }

    /// The first version's shares as the second version's weight, from 1 to 10000.
    public static long weight(long shares) {
        return 1 + (Math.clamp(shares, LEAST_SHARES, MOST_SHARES) - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
    }
}
