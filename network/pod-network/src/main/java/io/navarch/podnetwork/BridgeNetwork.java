package io.navarch.podnetwork;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Configuration of the CNI plugins `bridge`, `host-local` and `loopback`, and the kernel switches they need. Host
/// ports
/// and masquerading are the service proxy's, in nftables.
public final class BridgeNetwork {
    public static final String BRIDGE = "nav0";

    private BridgeNetwork() {}

    /// Writes the network's configuration for the runtime to find.
    ///
    /// @param podCidr the node's addresses, such as `10.244.0.0/24`
    /// @param state where `host-local` keeps which addresses are taken
    public static void configure(Path configDirectory, Path state, String podCidr) throws IOException {
        Files.createDirectories(configDirectory);
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
        var file = configDirectory.resolve("10-navarch.conflist");
        Files.write(file.resolveSibling("10-navarch.conflist.new"), Json.write(config));
        Files.move(
                file.resolveSibling("10-navarch.conflist.new"),
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        switchOn("/proc/sys/net/ipv4/ip_forward");
        // Traffic between pods of one bridge must pass the service proxy on its way back.
        switchOn("/proc/sys/net/bridge/bridge-nf-call-iptables");
    }

    private static void switchOn(String file) throws IOException {
        var path = Path.of(file);
        if (Files.exists(path) && !Files.readString(path).strip().equals("1")) Files.writeString(path, "1");
    }

    /// The first /24 of the cluster's network: the only node's share.
    public static String nodeCidr(String clusterCidr) {
        return clusterCidr.split("/")[0] + "/24";
    }
}
