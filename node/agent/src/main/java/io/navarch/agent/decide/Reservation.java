package io.navarch.agent.decide;

import io.navarch.objects.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What of a node is not for pods.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/
///
/// @param system for what runs on the machine besides, by resource
/// @param kube for the agent and its runtime, by resource
/// @param enforced on whom: `pods`, `system-reserved`, `kube-reserved`
/// @param systemCgroup where what is the system's runs
/// @param kubeCgroup where what is the agent's runs
public record Reservation(
        Map<String, Quantity> system,
        Map<String, Quantity> kube,
        Set<String> enforced,
        String systemCgroup,
        String kubeCgroup) {
    public static final String PODS = "pods";
    public static final String SYSTEM = "system-reserved";
    public static final String KUBE = "kube-reserved";
    public static final String PIDS = "pid";

    private static final String COMPRESSIBLE = "-compressible";
    private static final String NOTHING = "none";
    private static final Set<String> RESERVED = Set.of("cpu", "memory", PIDS, "ephemeral-storage");
    private static final Set<String> ENFORCEABLE =
            Set.of(NOTHING, PODS, SYSTEM, KUBE, SYSTEM + COMPRESSIBLE, KUBE + COMPRESSIBLE);

    public static final Reservation NONE = new Reservation(Map.of(), Map.of(), Set.of(PODS), "", "");

    public Reservation {
        for (var name : enforced) {
            if (!ENFORCEABLE.contains(name))
                throw new IllegalArgumentException(
                        "invalid configuration: option \"" + name
                                + "\" specified for enforceNodeAllocatable. Valid options are \"pods\", \"system-reserved\", \"system-reserved-compressible\", \"kube-reserved\", \"kube-reserved-compressible\", or \"none\"");
        }
        if (enforced.contains(NOTHING) && enforced.size() > 1)
            throw new IllegalArgumentException(
                    "invalid configuration: enforceNodeAllocatable may not contain additional enforcements when \"none\" is specified");
        if (enforces(enforced, SYSTEM) && systemCgroup.isEmpty())
            throw new IllegalArgumentException(
                    "invalid configuration: systemReservedCgroup must be specified when \"system-reserved\" or \"system-reserved-compressible\" included in enforceNodeAllocatable");
        if (enforces(enforced, KUBE) && kubeCgroup.isEmpty())
            throw new IllegalArgumentException(
                    "invalid configuration: kubeReservedCgroup must be specified when \"kube-reserved\" or \"kube-reserved-compressible\" included in enforceNodeAllocatable");
    }

    private static boolean enforces(Set<String> enforced, String name) {
        return enforced.contains(name) || enforced.contains(name + COMPRESSIBLE);
    }

    /// @param statements such as `memory=1Gi`
    /// @throws IllegalArgumentException when one of them reserves nothing that could be
    public static Map<String, Quantity> parse(List<String> statements) {
        var amounts = new HashMap<String, Quantity>();
        for (var statement : statements) {
            int equals = statement.indexOf('=');
            if (equals < 0)
                throw new IllegalArgumentException("malformed pair, expect string=string, but got: " + statement);
            var name = statement.substring(0, equals).strip();
            if (!RESERVED.contains(name))
                throw new IllegalArgumentException("cannot reserve \"" + name + "\" resource");
            var amount = Quantity.parse(statement.substring(equals + 1).strip());
            if (amount.negative())
                throw new IllegalArgumentException(
                        "resource quantity for \"" + name + "\" cannot be negative: " + amount);
            amounts.put(name, amount);
        }
        return Map.copyOf(amounts);
    }

    /// What pods may take together. When there is pressure they are ended before they have all of it: that is not taken
    /// off here.
    public Map<String, Quantity> forPods(Map<String, Quantity> capacity) {
        return without(capacity, Map.of());
    }

    /// What of a node can be given to pods, as its status says.
    ///
    /// @param kept what is never given away, by resource
    /// @throws IllegalArgumentException when more is reserved than there is
    public Map<String, Quantity> allocatable(Map<String, Quantity> capacity, Map<String, Quantity> kept) {
        return without(capacity, kept);
    }

    /// What is reserved, with what is never given away besides, by resource.
    Map<String, Quantity> kept(Map<String, Quantity> besides) {
        var all = new HashMap<>(besides);
        for (var part : List.of(system, kube)) part.forEach((name, amount) -> all.merge(name, amount, Quantity::plus));
        return all;
    }

    /// What is wrong with it on a node of this size, `""` if nothing.
    public String excess(Map<String, Quantity> capacity, Map<String, Quantity> kept) {
        var text = new StringBuilder();
        new TreeMap<>(capacity).forEach((name, whole) -> {
            var taken = reserved(name).plus(kept.getOrDefault(name, Quantity.ZERO));
            if (whole.compareTo(taken) < 0)
                text.append(" Resource \"")
                        .append(name)
                        .append("\" has a reservation of ")
                        .append(taken)
                        .append(" but capacity of ")
                        .append(whole)
                        .append(". Expected capacity >= reservation.");
        });
        return text.isEmpty() ? "" : "invalid Node Allocatable configuration." + text;
    }

    private Map<String, Quantity> without(Map<String, Quantity> capacity, Map<String, Quantity> kept) {
        var result = new HashMap<String, Quantity>();
        capacity.forEach((name, whole) -> {
            var taken = reserved(name).plus(kept.getOrDefault(name, Quantity.ZERO));
            // As it was written, when there is nothing to subtract.
            var left = taken.equals(Quantity.ZERO) ? whole : whole.minus(taken);
            result.put(name, left.negative() ? Quantity.ZERO : left);
        });
        return result;
    }

    private Quantity reserved(String name) {
        return system.getOrDefault(name, Quantity.ZERO).plus(kube.getOrDefault(name, Quantity.ZERO));
    }

    /// What is left of the machine's processes, 0 when nothing of them is reserved.
    ///
    /// @param most that the machine can have, 0 when that is not known
    public long pids(long most) {
        long taken = reserved(PIDS).units();
        return taken == 0 || most == 0 ? 0 : Math.max(1, most - taken);
    }

    /// Whether limits are put on whom it is reserved for.
    public boolean enforces(String name) {
        return enforces(enforced, name);
    }

    /// What of a reservation is enforced: all, or what can be pressed together.
    public Map<String, Quantity> enforced(String name) {
        var amounts = name.equals(SYSTEM) ? system : kube;
        if (enforced.contains(name)) return amounts;
        return amounts.containsKey("cpu") ? Map.of("cpu", amounts.getOrDefault("cpu", Quantity.ZERO)) : Map.of();
    }
}
