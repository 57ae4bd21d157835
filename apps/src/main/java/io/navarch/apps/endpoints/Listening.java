package io.navarch.apps.endpoints;

import io.navarch.objects.Addresses;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.util.List;
import java.util.Map;

/// Where a part tells of itself.
///
/// @param option by which it is chosen
/// @param port 0 for nowhere
/// @param chosen whether somebody has: what was only assumed gives way to whoever has the port already
public record Listening(String option, String address, int port, boolean chosen) {
    private static final String CONTROLLER_MANAGER = "controller-manager-port";
    private static final String SCHEDULER = "scheduler-port";
    private static final String PROXY_METRICS = "proxy-metrics-bind-address";
    private static final String PROXY_HEALTH = "proxy-healthz-bind-address";
    private static final String DNS = "dns-metrics-port";
    private static final String INGRESS = "ingress-metrics-port";
    private static final int MOST = 65535;

    /// Of a control plane.
    public static final List<Option> PLANE_OPTIONS = List.of(
            Option.value(CONTROLLER_MANAGER, "10257", "of the controllers' metrics and health (0: none)"),
            Option.value(SCHEDULER, "10259", "of the scheduler's metrics and health (0: none)"));

    /// Of a node.
    public static final List<Option> NODE_OPTIONS = List.of(
            Option.value(PROXY_METRICS, "127.0.0.1:10249", "of the service proxy's metrics (port 0: none)"),
            Option.value(PROXY_HEALTH, "0.0.0.0:10256", "of the service proxy's health (port 0: none)"));

    /// Of DNS and ingress.
    public static final List<Option> NETWORK_OPTIONS = List.of(
            Option.value(DNS, "9153", "of the name server's metrics (0: none)"),
            Option.value(INGRESS, "10254", "of the ingress's metrics and health (0: none)"));

    /// The ports of a control plane, at the API's address.
    public record Plane(Listening controllerManager, Listening scheduler) {
        public static Plane of(Options options, String bindAddress) {
            return new Plane(atPort(options, CONTROLLER_MANAGER, bindAddress), atPort(options, SCHEDULER, bindAddress));
        }
    }

    /// The addresses of a node's service proxy.
    public record Proxy(Listening metrics, Listening health) {
        public static Proxy of(Options options) {
            return new Proxy(at(options, PROXY_METRICS), at(options, PROXY_HEALTH));
        }

        /// The options themselves.
        public Map<String, String> flags() {
            return Map.of(PROXY_METRICS, metrics.text(), PROXY_HEALTH, health.text());
        }
    }

    /// The ports of DNS and ingress.
    public record Network(Listening dns, Listening ingress) {
        /// @param address at which pods reach this machine
        public static Network of(Options options, String address) {
            return new Network(atPort(options, DNS, address), atPort(options, INGRESS, address));
        }
    }

    private String text() {
        return address + ":" + port;
    }

    public boolean served() {
        return port != 0;
    }

    private static Listening atPort(Options options, String name, String address) {
        return new Listening(name, address, port(name, options.string(name)), options.given(name));
    }

    private static Listening at(Options options, String name) {
        var text = options.string(name);
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !Addresses.isAddress(text.substring(0, colon)))
            throw new Options.UsageException("--" + name + " must be such as 127.0.0.1:10249, not " + text);
        return new Listening(
                name, text.substring(0, colon), port(name, text.substring(colon + 1)), options.given(name));
    }

    private static int port(String name, String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port <= MOST) return port;
        }
        throw new Options.UsageException("--" + name + ": " + text + " is not a valid port number");
    }
}
