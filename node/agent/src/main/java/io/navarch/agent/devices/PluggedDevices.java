package io.navarch.agent.devices;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.csi.PluginHandler;
import io.navarch.agent.csi.PluginRefusedException;
import io.navarch.agent.decide.DeviceCounts;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.DevicePlugin;
import io.navarch.csi.DevicePlugin.Granted;
import io.navarch.csi.DeviceSockets;
import io.navarch.csi.Listening;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Devices of the node as plugins tell of them.
///
/// Source: https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
public final class PluggedDevices implements NodeDevices, PluginHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PluggedDevices.class);

    /// The type of plugins that make themselves known like storage drivers.
    public static final String TYPE = "DevicePlugin";

    private static final String VERSION = "v1beta1";
    private static final String SOCKET = "kubelet.sock";
    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    private final Path directory;
    private final DeviceSockets sockets;
    private final TaskScope scope;
    private final InstantSource clock;
    private final List<Integer> numaNodes;
    private final Checkpoint checkpoint;
    /// Guarded by the monitor.
    private final DeviceBook book = new DeviceBook();
    /// Those that are there, by the name of the resource; guarded by the monitor.
    private final Map<String, Plugin> plugins = new HashMap<>();
    /// What init containers had that have ended when others of their pod begin, by the pod's uid and the name of the
    /// resource; guarded by the monitor.
    private final Map<String, Map<String, Set<String>>> reusable = new HashMap<>();
    /// Who listens to them; guarded by the monitor.
    private final Map<String, Thread> followers = new HashMap<>();

    private volatile Consumer<String> health = uid -> {};

    private record Plugin(Path socket, DevicePlugin calls, DevicePlugin.Capabilities capabilities) {}

    /// @param directory of the sockets of plugins and of the node's own
    /// @param scope for as long as plugins are followed
    /// @param numaNodes that the machine has
    public PluggedDevices(
            Path directory, DeviceSockets sockets, TaskScope scope, InstantSource clock, List<Integer> numaNodes) {
        this.numaNodes = numaNodes;
        this.directory = directory;
        this.sockets = sockets;
        this.scope = scope;
        this.clock = clock;
        checkpoint = new Checkpoint(directory);
        checkpoint.read(book, clock.instant());
    }

    /// Lets plugins come. Those that were here before see that the sockets are gone, and come again. A node whose disk
    /// is full has no devices, but it is there.
    public void start() {
        scope.start("device-plugins", () -> {
            var listening = listening();
            try (listening) {
                while (true) TaskScope.pause(Long.MAX_VALUE / 2_000_000);
            }
        });
    }

    private Listening listening() throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return listen();
            } catch (IOException e) {
                LOG.warn("no device plugin can come to {}: {}", directory, e.toString());
            }
            TaskScope.pause(AGAIN.after(failures));
        }
    }

    private Listening listen() throws IOException {
        Files.createDirectories(directory);
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files)
                // The checkpoint stays, and what is just being written to become it.
                if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                        && !file.getFileName().toString().startsWith(Checkpoint.NAME)) Files.deleteIfExists(file);
        }
        return sockets.listen(directory.resolve(SOCKET), this::register);
    }

    private void register(String version, String endpoint, String resource) {
        if (!version.equals(VERSION))
            throw new IllegalArgumentException("requested API version \"" + version
                    + "\" is not supported by kubelet. Supported version is [\"" + VERSION + "\"]");
        if (endpoint.isEmpty() || endpoint.contains("/") || endpoint.startsWith("."))
            throw new IllegalArgumentException("\"" + endpoint + "\" is not the name of a socket");
        connect(resource, directory.resolve(endpoint));
    }

    private void connect(String resource, Path socket) {
        if (!DeviceBook.extended(resource))
            throw new IllegalArgumentException("the ResourceName \"" + resource + "\" is invalid");
        var calls = sockets.plugin(socket);
        var plugin = new Plugin(socket, calls, calls.capabilities());
        synchronized (this) {
            book.connected(resource, clock.instant());
            plugins.put(resource, plugin);
            leave(followers.put(resource, scope.start("devices-" + resource, () -> follow(resource, plugin))));
            checkpoint.note(book);
        }
        LOG.info("device plugin {} at {} is registered", resource, socket);
    }

    /// Nobody listens any more to a plugin that another has taken the place of.
    private static void leave(@Nullable Thread follower) {
        if (follower != null) follower.interrupt();
    }

    private void follow(String resource, Plugin plugin) {
        try {
            plugin.calls.follow(devices -> told(resource, plugin, devices));
        } catch (CsiFailure e) {
            // One that ends says nothing; whatever else ends it, its owner looks for.
            if (e.code() == CsiFailure.Code.RESOURCE_EXHAUSTED)
                LOG.warn("device plugin {} tells of too much: {}", resource, e.getMessage());
            else LOG.debug("device plugin {}: {}", resource, e.getMessage());
        }
        synchronized (this) {
            // Another one of that name may have come.
            if (!plugins.remove(resource, plugin)) return;
            followers.remove(resource);
            book.disconnected(resource, clock.instant()).forEach(health);
        }
        LOG.info("device plugin {} at {} is gone", resource, plugin.socket);
    }

    private synchronized void told(String resource, Plugin plugin, List<DevicePlugin.Device> devices) {
        if (plugins.get(resource) == plugin) book.devices(resource, devices).forEach(health);
    }

    @Override
    public void validate(PluginInfo plugin) throws PluginRefusedException {
        if (!plugin.versions().contains(VERSION))
            throw new PluginRefusedException("manager version, " + VERSION
                    + ", is not among plugin supported versions [" + String.join(" ", plugin.versions()) + "]");
        if (!DeviceBook.extended(plugin.name()))
            throw new PluginRefusedException("invalid name of device plugin socket: " + plugin.name());
    }

    @Override
    public void register(PluginInfo plugin) throws PluginRefusedException {
        try {
            connect(plugin.name(), Path.of(plugin.endpoint()));
        } catch (IllegalArgumentException | CsiFailure e) {
            throw new PluginRefusedException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public synchronized void deregister(PluginInfo plugin) {
        var known = plugins.get(plugin.name());
        if (known == null || !known.socket.equals(Path.of(plugin.endpoint()))) return;
        plugins.remove(plugin.name());
        leave(followers.remove(plugin.name()));
        book.disconnected(plugin.name(), clock.instant()).forEach(health);
    }

    @Override
    public synchronized DeviceCounts counts() {
        return book.counts(clock.instant());
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod, Container spec) {
        var all = new ArrayList<List<Hint>>();
        wanted(spec).forEach((resource, needed) -> {
            var has = book.of(new DeviceBook.Owner(pod.uid(), spec.name(), resource));
            all.add(hints(resource, has, reusable(pod.uid(), resource), needed));
        });
        return all;
    }

    @Override
    public synchronized List<List<Hint>> hints(Pod pod) {
        var all = new ArrayList<List<Hint>>();
        wanted(PodResources.limits(pod.spec())).forEach((resource, needed) -> {
            var has = new TreeSet<String>();
            for (var spec : Pods.containers(pod.spec()))
                has.addAll(book.of(new DeviceBook.Owner(pod.uid(), spec.name(), resource)));
            all.add(hints(resource, has, Set.of(), needed));
        });
        return all;
    }

    /// @param has what it has already
    private List<Hint> hints(String resource, Set<String> has, Set<String> reusable, int needed) {
        var hints = new DeviceHints(book.devices(resource), numaNodes);
        if (!hints.matter()) return Hint.ANYWHERE;
        if (!has.isEmpty()) return has.size() == needed ? hints.hints(has, Set.of(), needed) : Hint.NOWHERE;
        var free = book.free(resource);
        var all = new TreeSet<>(free);
        all.addAll(reusable);
        return all.size() < needed ? Hint.NOWHERE : hints.hints(free, reusable, needed);
    }

    private Set<String> reusable(String uid, String resource) {
        return reusable.getOrDefault(uid, Map.of()).getOrDefault(resource, Set.of());
    }

    @Override
    public void allocate(Pod pod, Container spec, Hint hint) throws AllocationException {
        boolean ends = pod.spec().initContainers().stream()
                .anyMatch(init -> init.name().equals(spec.name()) && !Pods.sidecar(init));
        try {
            for (var each : wanted(spec).entrySet()) {
                var owner = new DeviceBook.Owner(pod.uid(), spec.name(), each.getKey());
                note(owner, allocate(owner, each.getValue(), hint), ends);
            }
        } catch (DeviceShortageException | CsiFailure e) {
            throw AllocationException.unexpected(String.valueOf(e.getMessage()));
        }
    }

    /// @param ends whether others of the pod may have its devices after it
    private synchronized void note(DeviceBook.Owner owner, Set<String> ids, boolean ends) {
        // It may have gone while its plugin was asked.
        if (book.of(owner).isEmpty()) return;
        var ofPod = reusable.computeIfAbsent(owner.uid(), uid -> new HashMap<>());
        var reused = ofPod.computeIfAbsent(owner.resource(), name -> new TreeSet<>());
        if (ends) reused.addAll(ids);
        else reused.removeAll(ids);
    }

    /// How many devices of which resources it asks for.
    private Map<String, Integer> wanted(Container spec) {
        return wanted(spec.resources().limits());
    }

    private synchronized Map<String, Integer> wanted(Map<String, Quantity> limits) {
        var wanted = new TreeMap<String, Integer>();
        limits.forEach((name, amount) -> {
            if (amount.units() > 0 && book.knows(name))
                wanted.put(name, (int) Math.min(Integer.MAX_VALUE, amount.units()));
        });
        return wanted;
    }

    /// A plugin that takes its time, or never answers, holds up nobody but who asks it: what it is asked for is
    /// reserved meanwhile.
    private Set<String> allocate(DeviceBook.Owner owner, int needed, Hint hint) {
        Plugin plugin;
        Set<String> available;
        Set<String> reused;
        DeviceHints.Order order;
        synchronized (this) {
            var has = book.of(owner);
            if (!has.isEmpty()) return kept(owner, has, needed);
            reused = Set.copyOf(reusable(owner.uid(), owner.resource()));
            available = book.available(owner, needed, reused);
            order = order(owner, available, reused, hint);
            plugin = plugins.get(owner.resource());
        }
        if (plugin == null) throw new DeviceShortageException("unknown Device Plugin " + owner.resource());
        long before = reused.stream().filter(available::contains).count();
        // Where the hint leaves a choice, it is the plugin's; and so is what the hint cannot give.
        boolean choice = needed - before < order.close().size();
        var preferred =
                preferred(plugin, choice ? withReused(order.close(), available, reused) : available, needed, reused);
        Set<String> ids;
        synchronized (this) {
            // Others may have got some of them while the plugin thought about it.
            var left = book.available(owner, needed, reused);
            ids = Set.copyOf(chosen(preferred, left, order(owner, left, reused, hint), choice, needed, reused));
            book.reserve(owner, ids);
        }
        try {
            take(owner, new DeviceBook.Held(ids, sockets.encode(plugin.calls.allocate(sorted(ids)))));
        } catch (RuntimeException e) {
            giveBack(owner);
            throw e;
        }
        return ids;
    }

    private DeviceHints.Order order(DeviceBook.Owner owner, Set<String> available, Set<String> reused, Hint hint) {
        var fresh = new TreeSet<>(available);
        fresh.removeAll(reused);
        return new DeviceHints(book.devices(owner.resource()), numaNodes).order(fresh, hint);
    }

    private static Set<String> withReused(Set<String> close, Set<String> available, Set<String> reused) {
        var all = new TreeSet<>(reused);
        all.retainAll(available);
        all.addAll(close);
        return all;
    }

    /// What is not written down, the next agent would give to somebody else.
    private synchronized void take(DeviceBook.Owner owner, DeviceBook.Held devices) {
        if (!book.take(owner, devices)) throw new DeviceShortageException("pod " + owner.uid() + " has gone");
        try {
            checkpoint.write(book);
        } catch (IOException e) {
            throw new DeviceShortageException(String.valueOf(e.getMessage()));
        }
    }

    private synchronized void giveBack(DeviceBook.Owner owner) {
        book.giveBack(owner);
    }

    private Set<String> kept(DeviceBook.Owner owner, Set<String> has, int needed) {
        if (has.size() != needed)
            throw new DeviceShortageException("pod \"" + owner.uid() + "\" container \"" + owner.container()
                    + "\" changed request for resource \"" + owner.resource() + "\" from " + has.size() + " to "
                    + needed);
        if (!book.healthy(owner.resource(), has))
            throw new DeviceShortageException(
                    "previously allocated devices are no longer healthy; cannot allocate unhealthy devices "
                            + owner.resource());
        return has;
    }

    /// Which ones the plugin would rather give besides those that the pod had before.
    private static List<String> preferred(Plugin plugin, Set<String> available, int needed, Set<String> reusable) {
        var before = reusable.stream().filter(available::contains).sorted().toList();
        return before.size() < needed && plugin.capabilities.preferred()
                ? plugin.calls.preferred(List.copyOf(available), before, needed)
                : List.of();
    }

    /// First those that the pod had before, then those on the nodes of the hint, and of these, or else of the others,
    /// those that the plugin would rather give.
    ///
    /// @param choice whether there are more than enough on the nodes of the hint
    private static Set<String> chosen(
            List<String> preferred,
            Set<String> available,
            DeviceHints.Order order,
            boolean choice,
            int needed,
            Set<String> reusable) {
        var chosen = new TreeSet<String>();
        fill(chosen, reusable.stream().filter(available::contains).toList(), needed);
        var close = List.copyOf(order.close());
        if (choice)
            fill(chosen, preferred.stream().filter(order.close()::contains).toList(), needed);
        fill(chosen, close, needed);
        fill(chosen, preferred.stream().filter(available::contains).toList(), needed);
        fill(chosen, order.far(), needed);
        return chosen;
    }

    private static void fill(Set<String> chosen, List<String> from, int needed) {
        for (var id : from) if (chosen.size() < needed) chosen.add(id);
    }

    @Override
    public Given prepare(Pod pod, Container spec) {
        var wanted = wanted(spec);
        if (wanted.isEmpty()) return Given.NOTHING;
        var granted = new ArrayList<Granted>();
        try {
            wanted.forEach((resource, needed) ->
                    granted.add(prepare(new DeviceBook.Owner(pod.uid(), spec.name(), resource), needed)));
        } catch (DeviceShortageException | CsiFailure e) {
            throw new UnresolvedException(String.valueOf(e.getMessage()));
        }
        return GrantedDevices.given(granted);
    }

    private Granted prepare(DeviceBook.Owner owner, int needed) {
        // Its plugin may have come only after the pod had.
        if (idsOf(owner).isEmpty()) allocate(owner, needed, Hint.UNKNOWN);
        Plugin plugin;
        byte[] encoded;
        synchronized (this) {
            plugin = plugins.get(owner.resource());
            var held = book.held().get(owner);
            encoded = held == null ? new byte[0] : held.granted();
        }
        if (plugin != null && plugin.capabilities.preStart()) preStart(plugin, sorted(idsOf(owner)));
        try {
            return sockets.decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new DeviceShortageException(
                    "what " + owner.resource() + " has granted is not understood: " + e.getMessage());
        }
    }

    private static List<String> sorted(Set<String> ids) {
        return ids.stream().sorted().toList();
    }

    private synchronized Set<String> idsOf(DeviceBook.Owner owner) {
        return book.of(owner);
    }

    private static void preStart(Plugin plugin, List<String> ids) {
        try {
            plugin.calls.preStart(ids);
        } catch (CsiFailure e) {
            throw new DeviceShortageException("device plugin PreStartContainer rpc failed with err: " + e.getMessage());
        }
    }

    @Override
    public synchronized void release(String uid) {
        reusable.remove(uid);
        if (book.release(uid)) checkpoint.note(book);
    }

    @Override
    public synchronized List<Held> held(String uid, String container) {
        var all = new ArrayList<Held>();
        for (var resource : book.resources().stream().sorted().toList())
            for (var id : sorted(book.of(new DeviceBook.Owner(uid, container, resource)))) {
                var device = book.devices(resource).get(id);
                // One that nobody tells of is not told of as ill.
                all.add(new Held(
                        resource, id, device == null || device.healthy(), device == null ? List.of() : device.nodes()));
            }
        return all;
    }

    @Override
    public void onHealth(Consumer<String> uid) {
        health = uid;
    }

    @Override
    public synchronized List<Held> allocatable() {
        var all = new ArrayList<Held>();
        for (var resource : book.resources().stream().sorted().toList())
            book.devices(resource).values().stream()
                    .filter(DevicePlugin.Device::healthy)
                    .forEach(device -> all.add(new Held(resource, device.id(), true, device.nodes())));
        return all;
    }

    @Override
    public synchronized void keep(Set<String> uids) {
        if (book.keep(uids)) checkpoint.note(book);
    }
}
