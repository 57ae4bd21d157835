package io.navarch.agent.devices;

import io.navarch.agent.decide.DeviceCounts;
import io.navarch.csi.DevicePlugin.Device;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which devices there are, and which containers have them. Not for several threads at a time.
final class DeviceBook {
    /// How long a resource is told of whose plugin is away.
    private static final Duration KEPT = Duration.ofMinutes(5);

    private static final int MOST_RESOURCES = 100;
    private static final int MOST_DEVICES = 10_000;

    /// Whose devices they are.
    record Owner(String uid, String container, String resource) {}

    /// @param granted what the plugin said that they need, in its own form
    record Held(Set<String> ids, byte[] granted) {}

    private static final class Resource {
        private Map<String, Device> devices = Map.of();
        private boolean present;
        private Instant left = Instant.EPOCH;
    }

    private final Map<String, Resource> resources = new TreeMap<>();
    private final Map<Owner, Held> held = new HashMap<>();
    /// What plugins are asked for at this moment: nobody has it yet, and nobody else gets it.
    private final Map<Owner, Set<String>> reserved = new HashMap<>();

    /// Notes a resource that an earlier agent had a plugin for.
    void remember(String resource, Instant now) {
        if (resources.size() >= MOST_RESOURCES) return;
        resources.computeIfAbsent(resource, name -> new Resource()).left = now;
    }

    void remember(Owner owner, Held devices) {
        held.put(owner, devices);
    }

    void connected(String resource, Instant now) {
        if (!resources.containsKey(resource) && resources.size() >= MOST_RESOURCES) forgetOne(now);
        resources.computeIfAbsent(resource, name -> new Resource()).present = true;
    }

    /// Whoever went first is not told of any more: names that come and go do not add up.
    private void forgetOne(Instant now) {
        var first = resources.entrySet().stream()
                .filter(entry -> over(entry.getValue(), now))
                .min(Comparator.comparing(entry -> entry.getValue().left))
                .orElseThrow(() -> new IllegalArgumentException("there are " + MOST_RESOURCES + " resources already"));
        resources.remove(first.getKey());
    }

    private static boolean over(Resource resource, Instant now) {
        return !resource.present && resource.left.plus(KEPT).isBefore(now);
    }

    /// Returns the uids of pods that have devices which are no longer as well as they were, or as ill.
    Set<String> disconnected(String resource, Instant now) {
        var known = resources.get(resource);
        if (known == null) return Set.of();
        known.present = false;
        known.left = now;
        var unhealthy = new TreeMap<String, Device>();
        known.devices.forEach((id, device) -> unhealthy.put(id, new Device(id, false, device.nodes())));
        return change(resource, known, unhealthy);
    }

    private Set<String> change(String name, Resource resource, Map<String, Device> next) {
        var before = healthy(resource);
        resource.devices = next;
        var after = healthy(resource);
        var concerned = new TreeSet<String>();
        held.forEach((owner, devices) -> {
            boolean changed = owner.resource().equals(name)
                    && devices.ids().stream().anyMatch(id -> before.contains(id) != after.contains(id));
            if (changed) concerned.add(owner.uid());
        });
        return concerned;
    }

    /// Returns the uids of pods that have devices which are no longer as well as they were, or as ill.
    Set<String> devices(String resource, List<Device> devices) {
        var known = resources.get(resource);
        if (known == null) return Set.of();
        var all = new TreeMap<String, Device>();
        devices.stream().limit(MOST_DEVICES).forEach(device -> all.put(device.id(), device));
        return change(resource, known, all);
    }

    /// Whether a plugin is, or was, there for a resource.
    boolean knows(String resource) {
        return resources.containsKey(resource)
                || held.keySet().stream().anyMatch(owner -> owner.resource().equals(resource));
    }

    Set<String> resources() {
        return Set.copyOf(resources.keySet());
    }

    Map<Owner, Held> held() {
        return Map.copyOf(held);
    }

    /// Also zero of what there once was something of, so that nobody takes it for somebody else's.
    DeviceCounts counts(Instant now) {
        var capacity = new HashMap<String, Quantity>();
        var allocatable = new HashMap<String, Quantity>();
        resources.forEach((name, resource) -> {
            boolean over = over(resource, now);
            capacity.put(name, number(over ? 0 : resource.devices.size()));
            allocatable.put(name, number(over ? 0 : healthy(resource).size()));
        });
        return new DeviceCounts(Map.copyOf(capacity), Map.copyOf(allocatable));
    }

    private static Quantity number(int count) {
        return new Quantity(BigDecimal.valueOf(count), Quantity.Format.DECIMAL);
    }

    private static Set<String> healthy(Resource resource) {
        var healthy = new TreeSet<String>();
        resource.devices.values().forEach(device -> {
            if (device.healthy()) healthy.add(device.id());
        });
        return healthy;
    }

    /// Those that a container has of a resource; empty when it has none.
    Set<String> of(Owner owner) {
        var devices = held.get(owner);
        return devices == null ? Set.of() : devices.ids();
    }

    /// From which a container may get some: those that are well and nobody's.
    ///
    /// @param reusable those that an init container of the same pod had
    /// @throws DeviceShortageException when there are not enough
    Set<String> available(Owner owner, int needed, Set<String> reusable) {
        var name = owner.resource();
        var resource = resources.get(name);
        if (resource == null || !resource.present && resource.devices.isEmpty())
            throw new DeviceShortageException("cannot allocate unregistered device " + name);
        var healthy = healthy(resource);
        if (healthy.isEmpty())
            throw new DeviceShortageException("no healthy devices present; cannot allocate unhealthy devices " + name);
        var free = free(name);
        long reused = reusable.stream().filter(healthy::contains).count();
        long missing = Math.max(0, needed - reused);
        if (free.size() < missing)
            throw new DeviceShortageException("requested number of devices unavailable for " + name + ". Requested: "
                    + missing + ", Available: " + free.size());
        reusable.stream().filter(healthy::contains).forEach(free::add);
        return free;
    }

    /// Those that are well and nobody's.
    Set<String> free(String name) {
        var resource = resources.get(name);
        if (resource == null) return Set.of();
        var free = healthy(resource);
        held.forEach((other, devices) -> {
            if (other.resource().equals(name)) free.removeAll(devices.ids());
        });
        reserved.forEach((other, ids) -> {
            if (other.resource().equals(name)) free.removeAll(ids);
        });
        return free;
    }

    /// All that there are of a resource, by their names.
    Map<String, Device> devices(String name) {
        var resource = resources.get(name);
        return resource == null ? Map.of() : resource.devices;
    }

    /// Whether all of them are well.
    boolean healthy(String resource, Collection<String> ids) {
        var known = resources.get(resource);
        return known != null && healthy(known).containsAll(ids);
    }

    void reserve(Owner owner, Set<String> ids) {
        reserved.put(owner, ids);
    }

    /// What was reserved is the owner's.
    ///
    /// @return false when it has been given back meanwhile
    boolean take(Owner owner, Held devices) {
        if (reserved.remove(owner) == null) return false;
        held.put(owner, devices);
        return true;
    }

    void giveBack(Owner owner) {
        reserved.remove(owner);
        held.remove(owner);
    }

    /// Returns whether it had any.
    boolean release(String uid) {
        reserved.keySet().removeIf(owner -> owner.uid().equals(uid));
        return held.keySet().removeIf(owner -> owner.uid().equals(uid));
    }

    /// Returns whether others had any.
    boolean keep(Set<String> uids) {
        return held.keySet().removeIf(owner -> !uids.contains(owner.uid()));
    }

    /// Whether it is the name of something that plugins may have.
    static boolean extended(String resource) {
        return ResourceNames.extended(resource) && Names.qualifiedName(resource).isEmpty();
    }
}
