package io.navarch.agent.decide;

import io.navarch.objects.Quantity;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Below what the node counts as short of something, and takes no more pods: the kubelet's `--eviction-hard`.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
public record EvictionThresholds(Map<Signal, Limit> limits) {
    public static final EvictionThresholds NONE = new EvictionThresholds(Map.of());

    /// The original's.
    public static final String DEFAULT =
            "nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,imagefs.inodesFree<5%";

    /// What is looked at.
    public enum Signal {
        NODEFS_AVAILABLE("nodefs.available", Pressure.DISK),
        NODEFS_INODES_FREE("nodefs.inodesFree", Pressure.DISK),
        IMAGEFS_AVAILABLE("imagefs.available", Pressure.DISK),
        IMAGEFS_INODES_FREE("imagefs.inodesFree", Pressure.DISK);

        private final String text;
        private final Pressure pressure;

        Signal(String text, Pressure pressure) {
            this.text = text;
            this.pressure = pressure;
        }

        private static Signal of(String text) {
            return Arrays.stream(values())
                    .filter(signal -> signal.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unsupported eviction signal " + text));
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
    public record Limit(double share, long amount) {
        boolean met(Observation observed) {
            long least = share > 0 ? (long) (observed.capacity * share) : amount;
            return observed.available < least;
        }
    }

    /// @param statements such as `nodefs.available<10%`
    /// @throws IllegalArgumentException when one of them says nothing that could be looked at
    public static EvictionThresholds parse(List<String> statements) {
        var limits = new EnumMap<Signal, Limit>(Signal.class);
        for (var statement : statements) {
            int less = statement.indexOf('<');
            if (less < 0) throw new IllegalArgumentException("malformed pair, expect string<string: " + statement);
            var signal = Signal.of(statement.substring(0, less).strip());
            var value = statement.substring(less + 1).strip();
            if (!value.equals("0%") && !value.equals("100%")) limits.put(signal, limit(signal, value));
        }
        return new EvictionThresholds(limits);
    }

    private static Limit limit(Signal signal, String value) {
        if (!value.endsWith("%")) {
            var quantity = Quantity.parse(value);
            if (quantity.compareTo(Quantity.ZERO) <= 0)
                throw new IllegalArgumentException("eviction threshold " + signal + " must be positive: " + value);
            return new Limit(0, quantity.units());
        }
        double percent = Double.parseDouble(value.substring(0, value.length() - 1));
        if (!(percent > 0))
            throw new IllegalArgumentException("eviction percentage threshold " + signal + " must be >= 0%: " + value);
        if (percent > 100)
            throw new IllegalArgumentException(
                    "eviction percentage threshold " + signal + " must be <= 100%: " + value);
        return new Limit(percent / 100, 0);
    }

    /// Of what too little is left. What was not observed is not short.
    public Set<Signal> met(Map<Signal, Observation> observed) {
        var met = EnumSet.noneOf(Signal.class);
        limits.forEach((signal, limit) -> {
            var now = observed.get(signal);
            // A file system without a fixed number of inodes tells none.
            if (now != null && now.capacity > 0 && limit.met(now)) met.add(signal);
        });
        return met;
    }

    /// What these signals put the node under.
    static Set<Pressure> pressures(Set<Signal> signals) {
        var pressures = EnumSet.noneOf(Pressure.class);
        for (var signal : signals) pressures.add(signal.pressure);
        return pressures;
    }
}
