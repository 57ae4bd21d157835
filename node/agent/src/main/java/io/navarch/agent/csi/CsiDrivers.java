package io.navarch.agent.csi;

import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.objects.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The storage drivers that have made themselves known to this node.
public final class CsiDrivers implements PluginHandler {
    public static final String TYPE = "CSIPlugin";

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:[-+].*)?");
    private static final int NEWEST_MAJOR = 1;

    private final CsiSockets sockets;
    private final Announcement announcement;
    private final Map<String, Driver> drivers = new ConcurrentHashMap<>();

    /// Tells the API which drivers the node has.
    public interface Announcement {
        /// @throws ApiException when the API does not take it
        void announce(String driver, CsiNode.NodeInfo info) throws PluginRefusedException;

        /// How many volumes the node can have of it may have changed, and nothing else.
        ///
        /// @throws ApiException when the API does not take it
        void renew(String driver, CsiNode.NodeInfo info);

        void withdraw(String driver);
    }

    private record Driver(String endpoint, Version version) {}

    /// Versions of the interface, of which drivers list those that they speak.
    private record Version(int major, int minor, int patch) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            if (major != other.major) return Integer.compare(major, other.major);
            return minor != other.minor ? Integer.compare(minor, other.minor) : Integer.compare(patch, other.patch);
        }

        static Optional<Version> of(String text) {
            var match = VERSION.matcher(text);
            if (!match.matches()) return Optional.empty();
            var patch = match.group(3);
            return Optional.of(new Version(
                    Integer.parseInt(match.group(1)),
                    Integer.parseInt(match.group(2)),
                    patch == null ? 0 : Integer.parseInt(patch)));
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    public CsiDrivers(CsiSockets sockets, Announcement announcement) {
        this.sockets = sockets;
        this.announcement = announcement;
    }

    /// Empty when it is not registered.
    public Optional<CsiNode> find(String name) {
        return Optional.ofNullable(drivers.get(name)).map(driver -> sockets.driver(driver.endpoint));
    }

    Set<String> names() {
        return Set.copyOf(drivers.keySet());
    }

    /// Asks a driver anew how many volumes the node can have.
    ///
    /// @throws ApiException when the API does not take it
    void renew(String name) {
        var driver = drivers.get(name);
        if (driver != null)
            announcement.renew(name, sockets.driver(driver.endpoint).info());
    }

    public static String missing(String name) {
        return "driver name " + name + " not found in the list of registered CSI drivers";
    }

    @Override
    public void validate(PluginInfo plugin) throws PluginRefusedException {
        try {
            version("ValidatePlugin", plugin);
        } catch (PluginRefusedException e) {
            throw new PluginRefusedException("validation failed for CSI Driver " + plugin.name() + " at endpoint "
                    + plugin.endpoint() + ": " + e.getMessage());
        }
    }

    private Version version(String caller, PluginInfo plugin) throws PluginRefusedException {
        var start = "kubernetes.io/csi: " + caller + " for CSI driver \"" + plugin.name() + "\" failed. ";
        if (plugin.versions().isEmpty())
            throw new PluginRefusedException(start + "Plugin returned an empty list for supported versions");
        var newest = plugin.versions().stream()
                .flatMap(text -> Version.of(text).stream())
                .filter(version -> version.major <= NEWEST_MAJOR)
                .max(Version::compareTo);
        if (newest.isEmpty())
            throw new PluginRefusedException(start + "None of the versions specified " + quoted(plugin.versions())
                    + " are supported. err=None of the versions are supported");
        var other = drivers.get(plugin.name());
        if (other != null && other.version.compareTo(newest.get()) >= 0)
            throw new PluginRefusedException(start
                    + "Another driver with the same name is already registered with a higher supported version: \""
                    + other.version + "\"");
        return newest.get();
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(" ", "[", "]"));
    }

    @Override
    public void register(PluginInfo plugin) throws PluginRefusedException {
        var driver = new Driver(plugin.endpoint(), version("RegisterPlugin", plugin));
        try {
            announcement.announce(
                    plugin.name(), sockets.driver(plugin.endpoint()).info());
        } catch (CsiFailure | ApiException e) {
            throw new PluginRefusedException(String.valueOf(e.getMessage()));
        }
        drivers.put(plugin.name(), driver);
    }

    @Override
    public void deregister(PluginInfo plugin) {
        var driver = drivers.get(plugin.name());
        if (driver == null || !driver.endpoint.equals(plugin.endpoint())) return;
        drivers.remove(plugin.name());
        announcement.withdraw(plugin.name());
    }
}
