package io.navarch.podnetwork;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Configuration of the CNI plugins `bridge`, `host-local` and `loopback`, and the kernel switches they need. Host
/// ports and masquerading are the service proxy's, in nftables.
public final class BridgeNetwork {
    public static final String BRIDGE = "nav0";

    private static final String NOTE_PREFIX = "before-";

    private BridgeNetwork() {}

    /// Writes the network's configuration for the runtime to find.
    ///
    /// @param podCidr the node's addresses, such as `10.244.0.0/24`
    /// @param state where `host-local` keeps which addresses are taken
    public static void configure(Path configDirectory, Path state, String podCidr) throws IOException {
        var bridge = Trees.map(
                "type",
                "bridge",
                "bridge",
                BRIDGE,
                "isGateway",
                true,
                "ipMasq",
                false,
                "hairpinMode",
                true,
                "mtu",
                1400L,
                "ipam",
                Trees.map(
                        "type", "host-local",
                        "dataDir", state.toString(),
                        "ranges", List.of(List.of(Map.of("subnet", podCidr))),
                        "routes", List.of(Map.of("dst", "0.0.0.0/0"))));
        var config = Trees.map("cniVersion", "1.0.0", "name", "navarch", "plugins", List.of(bridge));
        AtomicFile.write(configDirectory.resolve("10-navarch.conflist"), Json.write(config), "rw-r--r--");
        switchOn("/proc/sys/net/ipv4/ip_forward", state);
        // Traffic between pods of one bridge must pass the service proxy on its way back.
        switchOn("/proc/sys/net/bridge/bridge-nf-call-iptables", state);
    }

    /// Lets what the machine sends to a port of 127.0.0.0/8 reach the pod that has it. Only once something keeps
    /// packets
    /// from elsewhere away from these addresses.
    public static void routeLoopback(Path state) {
        try {
            switchOn("/proc/sys/net/ipv4/conf/all/route_localnet", state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Notes what stood there before, for [#restore].
    private static void switchOn(String file, Path state) throws IOException {
        var path = Path.of(file);
        if (!Files.exists(path)) return;
        var before = Files.readString(path).strip();
        if (before.equals("1")) return;
        Files.createDirectories(state);
        Files.writeString(state.resolve(NOTE_PREFIX + path.getFileName()), path + " " + before);
        Files.writeString(path, "1");
    }

    /// Sets the kernel's switches back to what they were before [#configure].
    public static void restore(Path state) throws IOException {
        if (!Files.isDirectory(state)) return;
        try (var notes = Files.list(state)) {
            for (var note : notes.filter(file -> file.getFileName().toString().startsWith(NOTE_PREFIX))
                    .toList()) {
                var words = Files.readString(note).split(" ");
                Files.writeString(Path.of(words[0]), words[1]);
                Files.delete(note);
            }
        }
    }
}
