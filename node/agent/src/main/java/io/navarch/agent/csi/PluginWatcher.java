package io.navarch.agent.csi;

import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registers plugins whose sockets are in a directory, and forgets those whose sockets are gone. Each is dealt with by
/// a task of its own: one that does not answer keeps nobody waiting, and is asked again later and later.
///
/// Source: https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
public final class PluginWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(PluginWatcher.class);

    private static final long LOOK_MILLIS = 1000;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(122));
    private static final String ERROR = "RegisterPlugin error -- ";

    private final PluginSockets sockets;
    private final CsiSockets calls;
    private final Map<String, PluginHandler> handlers;
    private final InstantSource clock;
    /// Only the looking task changes it.
    private final Map<Path, Entry> known = new HashMap<>();

    /// @param handlers by the type of plugin
    public PluginWatcher(Path directory, CsiSockets calls, Map<String, PluginHandler> handlers, InstantSource clock) {
        sockets = new PluginSockets(directory);
        this.calls = calls;
        this.handlers = handlers;
        this.clock = clock;
    }

    /// One socket, and what has become of it.
    private static final class Entry {
        private final Path path;
        private final PluginSockets.Identity identity;

        // Guarded by the monitor.
        private boolean busy;
        private boolean gone;
        private int failures;
        private Instant due = Instant.EPOCH;
        private @Nullable PluginInfo registered;

        private Entry(Path path, PluginSockets.Identity identity) {
            this.path = path;
            this.identity = identity;
        }

        /// Whether somebody should try to register it now; who is told so has to.
        private synchronized boolean take(Instant now) {
            if (busy || gone || registered != null || now.isBefore(due)) return false;
            busy = true;
            return true;
        }

        /// Returns whether it is known and its socket still there.
        private synchronized boolean done(Optional<PluginInfo> plugin, Instant now) {
            busy = false;
            if (plugin.isEmpty()) {
                failures++;
                due = now.plus(BACKOFF.after(failures));
            } else if (!gone) {
                registered = plugin.get();
            }
            return !gone;
        }

        private synchronized Optional<PluginInfo> leave() {
            gone = true;
            return Optional.ofNullable(registered);
        }
    }

    public void start(TaskScope scope) throws IOException {
        Files.createDirectories(sockets.root());
        scope.every("plugins", LOOK_MILLIS, () -> look(scope));
    }

    private void look(TaskScope scope) throws IOException {
        var present = sockets.present();
        for (var entry : Map.copyOf(known).values()) {
            if (entry.identity.equals(present.get(entry.path))) continue;
            known.remove(entry.path);
            entry.leave().ifPresent(this::deregister);
        }
        present.forEach((path, identity) -> {
            var entry = known.computeIfAbsent(path, fresh -> new Entry(path, identity));
            if (entry.take(clock.instant())) scope.start("plugin-" + path.getFileName(), () -> register(entry));
        });
    }

    private void register(Entry entry) {
        Optional<PluginInfo> result = Optional.empty();
        try {
            result = Optional.of(register(entry.path));
        } catch (CsiFailure | PluginRefusedException e) {
            LOG.warn("{}: {}", entry.path, e.getMessage());
        } finally {
            boolean there = entry.done(result, clock.instant());
            if (!there) result.ifPresent(this::deregister);
        }
    }

    private PluginInfo register(Path path) throws PluginRefusedException {
        var socket = calls.plugin(path);
        var said = socket.info();
        var plugin = said.endpoint().isEmpty()
                ? new PluginInfo(said.type(), said.name(), path.toString(), said.versions())
                : said;
        var handler = handlers.get(plugin.type());
        if (handler == null)
            throw refused(
                    socket, ERROR + "no handler registered for plugin type: " + plugin.type() + " at socket " + path);
        try {
            handler.validate(plugin);
        } catch (PluginRefusedException e) {
            throw refused(socket, ERROR + "plugin validation failed with err: " + e.getMessage());
        }
        try {
            handler.register(plugin);
        } catch (PluginRefusedException e) {
            throw refused(socket, ERROR + "plugin registration failed with err: " + e.getMessage());
        }
        try {
            socket.notify(true, "");
        } catch (CsiFailure e) {
            handler.deregister(plugin);
            throw e;
        }
        LOG.info("plugin {} at {} is registered", plugin.name(), plugin.endpoint());
        return plugin;
    }

    private static PluginRefusedException refused(PluginSocket socket, String why) {
        socket.notify(false, why);
        return new PluginRefusedException(why);
    }

    private void deregister(PluginInfo plugin) {
        LOG.info("plugin {} at {} is gone", plugin.name(), plugin.endpoint());
        var handler = handlers.get(plugin.type());
        if (handler != null) handler.deregister(plugin);
    }
}
