package io.navarch.agent.decide;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Below what the node counts as short of something, takes no more pods and ends some: the kubelet's `--eviction-hard`
/// and `--eviction-soft`.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
public record EvictionThresholds(List<Threshold> all) {
    public static final EvictionThresholds NONE = new EvictionThresholds(List.of());

    /// The original's.
    public static final String DEFAULT =
            "memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,imagefs.inodesFree<5%";

    private static final String INODES = "inodes";
    private static final String PROCESSES = "pids";

    /// What is looked at.
    public enum Signal {
        MEMORY_AVAILABLE("memory.available", Pressure.MEMORY, ResourceNames.MEMORY),
        /// Of what all pods together may take.
        ALLOCATABLE_MEMORY_AVAILABLE("allocatableMemory.available", Pressure.MEMORY, ResourceNames.MEMORY),
        NODEFS_AVAILABLE("nodefs.available", Pressure.DISK, ResourceNames.EPHEMERAL_STORAGE),
        NODEFS_INODES_FREE("nodefs.inodesFree", Pressure.DISK, INODES),
        IMAGEFS_AVAILABLE("imagefs.available", Pressure.DISK, ResourceNames.EPHEMERAL_STORAGE),
        IMAGEFS_INODES_FREE("imagefs.inodesFree", Pressure.DISK, INODES),
        /// Always what the file system that it is on has: what is said of it does not count.
        CONTAINERFS_AVAILABLE("containerfs.available", Pressure.DISK, ResourceNames.EPHEMERAL_STORAGE),
        CONTAINERFS_INODES_FREE("containerfs.inodesFree", Pressure.DISK, INODES),
        PID_AVAILABLE("pid.available", Pressure.PID, PROCESSES);

        private final String text;
        private final Pressure pressure;
        private final String resource;

        Signal(String text, Pressure pressure, String resource) {
            this.text = text;
            this.pressure = pressure;
            this.resource = resource;
        }

        private static Signal of(String text) {
            return Arrays.stream(values())
                    .filter(signal -> signal.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unsupported eviction signal " + text));
        }

        /// What is short then, as messages name it.
        public String resource() {
            return resource;
        }

        boolean ignored() {
            return this == CONTAINERFS_AVAILABLE || this == CONTAINERFS_INODES_FREE;
        }

        /// Amounts of bytes are written with binary suffixes.
        public Quantity quantity(long amount) {
            boolean bytes = resource.equals(ResourceNames.MEMORY) || resource.equals(ResourceNames.EPHEMERAL_STORAGE);
            return new Quantity(BigDecimal.valueOf(amount), bytes ? Quantity.Format.BINARY : Quantity.Format.DECIMAL);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// What there is of something, and how much of it is left.
    public record Observation(long capacity, long available) {
        @Override
        public String toString() {
            return available + " of " + capacity;
        }
    }

    /// @param share of the capacity; 0 when an amount is given
    public record Limit(float share, Quantity amount) {
        static final Limit NOTHING = new Limit(0, Quantity.ZERO);

        /// Of a capacity of which the least is to be left.
        public Quantity of(long capacity) {
            return share > 0
                    ? new Quantity(BigDecimal.valueOf((long) ((double) capacity * share)), Quantity.Format.BINARY)
                    : amount;
        }
    }

    /// @param grace how long it may be met until pods are ended, zero for not at all
    /// @param reclaim how much more than the least must be left until it is not met any more
    public record Threshold(Signal signal, Limit least, Duration grace, Limit reclaim) {
        public boolean hard() {
            return grace.isZero();
        }

        boolean met(Observation observed, boolean reclaiming) {
            // A file system without a fixed number of inodes tells none.
            if (observed.capacity <= 0) return false;
            var wanted = least.of(observed.capacity);
            if (reclaiming) wanted = wanted.plus(reclaim.of(observed.capacity));
            return wanted.value().compareTo(BigDecimal.valueOf(observed.available)) > 0;
        }
    }

    /// Statements as options have them.
    ///
    /// @param hard such as `nodefs.available<10%`
    /// @param soft the same
    /// @param grace of each soft one, such as `nodefs.available=1m30s`
    /// @param reclaim such as `nodefs.available=500Mi`
    public record Statements(List<String> hard, List<String> soft, List<String> grace, List<String> reclaim) {}

    /// Of hard ones alone.
    public static EvictionThresholds parse(List<String> hard) {
        return parse(new Statements(hard, List.of(), List.of(), List.of()), false);
    }

    /// @param podsLimited whether all pods together are limited: then memory can also be short for them alone
    /// @throws IllegalArgumentException when one of them says nothing that could be looked at
    public static EvictionThresholds parse(Statements statements, boolean podsLimited) {
        var grace = new EnumMap<Signal, Duration>(Signal.class);
        pairs(statements.grace, "=").forEach((signal, value) -> grace.put(signal, period(value)));
        var reclaim = new EnumMap<Signal, Limit>(Signal.class);
        pairs(statements.reclaim, "=").forEach((signal, value) -> reclaim.put(signal, reclaim(signal, value)));
        var found = new ArrayList<Threshold>();
        limits(statements.hard)
                .forEach((signal, least) -> found.add(
                        new Threshold(signal, least, Duration.ZERO, reclaim.getOrDefault(signal, Limit.NOTHING))));
        limits(statements.soft).forEach((signal, least) -> {
            var period = Optional.ofNullable(grace.get(signal))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "grace period must be specified for the soft eviction threshold " + signal));
            found.add(new Threshold(signal, least, period, reclaim.getOrDefault(signal, Limit.NOTHING)));
        });
        found.removeIf(threshold -> threshold.signal.ignored());
        if (podsLimited)
            List.copyOf(found).stream()
                    .filter(each -> each.signal == Signal.MEMORY_AVAILABLE && each.hard())
                    .map(each ->
                            new Threshold(Signal.ALLOCATABLE_MEMORY_AVAILABLE, each.least, Duration.ZERO, each.reclaim))
                    .forEach(found::add);
        return new EvictionThresholds(List.copyOf(found));
    }

    private static Map<Signal, String> pairs(List<String> statements, String separator) {
        var pairs = new EnumMap<Signal, String>(Signal.class);
        for (var statement : statements) {
            int at = statement.indexOf(separator);
            if (at < 0)
                throw new IllegalArgumentException(
                        "malformed pair, expect string" + separator + "string: " + statement);
            pairs.put(
                    Signal.of(statement.substring(0, at).strip()),
                    statement.substring(at + 1).strip());
        }
        return pairs;
    }

    private static Duration period(String value) {
        var period = GoDuration.parse(value);
        if (period.isNegative())
            throw new IllegalArgumentException(
                    "invalid eviction grace period specified: " + value + ", must be a positive value");
        return period;
    }

    private static Limit reclaim(Signal signal, String value) {
        if (value.endsWith("%")) {
            float percent = percent(value);
            if (!(percent > 0))
                throw new IllegalArgumentException(
                        "eviction percentage minimum reclaim " + signal + " must be positive: " + value);
            return new Limit(percent / 100, Quantity.ZERO);
        }
        var amount = Quantity.parse(value);
        if (amount.negative())
            throw new IllegalArgumentException("negative eviction minimum reclaim specified for " + signal);
        return new Limit(0, amount);
    }

    private static float percent(String value) {
        return Float.parseFloat(value.substring(0, value.length() - 1));
    }

    private static Map<Signal, Limit> limits(List<String> statements) {
        var limits = new EnumMap<Signal, Limit>(Signal.class);
        pairs(statements, "<").forEach((signal, value) -> {
            if (!value.equals("0%") && !value.equals("100%")) limits.put(signal, limit(signal, value));
        });
        return limits;
    }

    private static Limit limit(Signal signal, String value) {
        if (!value.endsWith("%")) {
            var quantity = Quantity.parse(value);
            if (quantity.compareTo(Quantity.ZERO) <= 0)
                throw new IllegalArgumentException("eviction threshold " + signal + " must be positive: " + value);
            return new Limit(0, quantity);
        }
        float percent = percent(value);
        if (!(percent > 0))
            throw new IllegalArgumentException("eviction percentage threshold " + signal + " must be >= 0%: " + value);
        if (percent > 100)
            throw new IllegalArgumentException(
                    "eviction percentage threshold " + signal + " must be <= 100%: " + value);
        return new Limit(percent / 100, Quantity.ZERO);
    }

    /// Of what too little is left. What was not observed is not short.
    public Set<Threshold> met(Map<Signal, Observation> observed) {
        return met(all, observed, false);
    }

    /// Of what too little is left, or not so much more as is to be reclaimed.
    public static Set<Threshold> met(
            Collection<Threshold> thresholds, Map<Signal, Observation> observed, boolean reclaiming) {
        var met = new HashSet<Threshold>();
        for (var threshold : thresholds) {
            var now = observed.get(threshold.signal);
            if (now != null && threshold.met(now, reclaiming)) met.add(threshold);
        }
        return met;
    }

    /// What is never given to pods, since they are ended before they have it, by resource.
    public Map<String, Quantity> kept(Map<String, Quantity> capacity) {
        var kept = new HashMap<String, Quantity>();
        for (var threshold : all) {
            if (!threshold.hard()) continue;
            var resource = switch (threshold.signal) {
                case MEMORY_AVAILABLE -> ResourceNames.MEMORY;
                case NODEFS_AVAILABLE -> ResourceNames.EPHEMERAL_STORAGE;
                default -> "";
            };
            var whole = capacity.get(resource);
            if (whole != null) kept.put(resource, threshold.least.of(whole.units()));
        }
        return kept;
    }

    /// What these put the node under.
    static Set<Pressure> pressures(Collection<Threshold> thresholds) {
        var pressures = EnumSet.noneOf(Pressure.class);
        for (var threshold : thresholds) pressures.add(threshold.signal.pressure);
        return pressures;
    }
}
