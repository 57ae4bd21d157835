package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Gives Services their cluster IP and node ports. What is taken is counted of the Services there are, under one lock
/// that is held until the write is done, so no address is given twice and none is lost in a crash.
public final class ServiceAllocator implements Admission.Mutating {
    private static final int FIRST_NODE_PORT = 30000;
    private static final int LAST_NODE_PORT = 32767;

    /// A network, and how many addresses it has.
    private record Range(long network, long size) {
        static Range of(String cidr) {
            var parts = cidr.split("/");
            return new Range(number(parts[0]), 1L << (32 - Integer.parseInt(parts[1])));
        }

        boolean contains(String address) {
            return address.matches("[0-9]+(\\.[0-9]+){3}")
                    && number(address) > network
                    && number(address) < network + size - 1;
        }

        @Override
        public String toString() {
            return text(network) + "/" + (32 - Long.numberOfTrailingZeros(size));
        }
    }

    /// What a Service has that no other can have, and how often it has it.
    private record Held() implements Admission.Amounts {
        private static final Quantity ONCE = Quantity.parse(1);

        static String address(String address) {
            return "address " + address;
        }

        static String port(int port) {
            return "port " + port;
        }

        @Override
        public Map<String, Quantity> of(View object) {
            var spec = Service.of(object).spec();
            var held = new HashMap<String, Quantity>();
            if (spec.hasClusterIP() && !spec.clusterIP().equals(Services.NO_ADDRESS))
                held.put(address(spec.clusterIP()), ONCE);
            for (var port : spec.ports()) if (port.nodePort() != 0) held.put(port(port.nodePort()), ONCE);
            if (spec.healthCheckNodePort() != 0) held.put(port(spec.healthCheckNodePort()), ONCE);
            return held;
        }
    }

    /// What other Services have: looked up one by one, so that a Service costs the same among any number.
    private static final class Taken {
        private final Admission.Lookup lookup;
        private final Held kind = new Held();
        private final Map<String, Quantity> own;
        /// Given to the Service itself while it is looked at.
        private final Set<Integer> given = new HashSet<>();

        /// @param old the Service as it was, absent for a new one
        Taken(Admission.Lookup lookup, Service old) {
            this.lookup = lookup;
            own = old.exists() ? kind.of(old.view()) : Map.of();
        }

        private boolean held(String what) {
            var all = lookup.sum(Resources.SERVICES.group(), Resources.SERVICES.plural(), "", kind, what);
            return all.compareTo(own.getOrDefault(what, Quantity.ZERO)) > 0;
        }

        boolean address(String address) {
            return held(Held.address(address));
        }

        /// Whether another Service has it.
        boolean port(int port) {
            return held(Held.port(port));
        }

        void give(int port) {
            given.add(port);
        }

        boolean free(int port) {
            return !given.contains(port) && !port(port);
        }
    }

    private final Range first;
    private final RandomGenerator random;

    /// @param cidr the service network, such as `10.96.0.0/16`
    public ServiceAllocator(String cidr, RandomGenerator random) {
        first = Range.of(cidr);
        this.random = random;
    }

    /// The server's own network, then those that ServiceCIDRs add and that do not go.
    private List<Range> ranges(Admission.Lookup lookup) {
        var result = new ArrayList<>(List.of(first));
        for (var network : lookup.list(Resources.SERVICE_CIDRS, "")) {
            if (network.deleting() || !StatusCondition.isTrue(network.status().conditions(), "Ready")) continue;
            for (var cidr : network.spec().cidrs()) {
                if (!cidr.contains(":") && !result.contains(Range.of(cidr))) result.add(Range.of(cidr));
            }
        }
        return result;
    }

    private static long number(String address) {
        long result = 0;
        for (var part : address.split("\\.")) result = result << 8 | Integer.parseInt(part);
        return result;
    }

    private static String text(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(Resources.SERVICES) && call.subresource().isEmpty();
    }

    @Override
    public Optional<String> serialised(Admission.Attributes call, Admission.Lookup lookup) {
        return Optional.of("addresses and ports");
    }

    @Override
    public boolean ofNamed() {
        return true;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View oldTree, Admission.Lookup lookup) {
        var service = Service.edit(tree).build();
        var old = Service.of(oldTree);
        var spec = ServiceSpec.edit(Trees.child(tree, Service.SPEC));
        boolean addressed = spec.build().type() != ServiceType.EXTERNAL_NAME;
        complete(spec, old.spec());
        var wrong = ServiceFamilies.set(spec, old.spec());
        if (!wrong.isEmpty()) throw ApiException.invalid("", "Service", call.name(), wrong);
        if (old.exists()) dropWhatTheTypeLeavesBehind(spec, old.spec());
        // Nothing is given to a service that will be refused anyway, and its own errors are the ones to tell.
        if (!ServiceRules.check(service, old).isEmpty()) return;
        var taken = new Taken(lookup, old);
        if (addressed) address(call, spec, old.spec(), taken, ranges(lookup));
        if (!Services.hasNodePorts(spec.build())) return;
        nodePorts(call, spec, old.spec(), taken);
        healthPort(spec, old.spec(), taken);
    }

    /// Addresses that are named in one of two fields, and those that a client leaves out which it once was given.
    private static void complete(ServiceSpec.Builder spec, ServiceSpec before) {
        var now = spec.build();
        if (!before.exists()) {
            if (now.hasClusterIP() && now.clusterIPs().isEmpty()) spec.clusterIPs(List.of(now.clusterIP()));
            return;
        }
        boolean both = now.type() != ServiceType.EXTERNAL_NAME && before.type() != ServiceType.EXTERNAL_NAME;
        if (both && now.clusterIP().isEmpty() && before.hasClusterIP()) spec.clusterIP(before.clusterIP());
        if (both && now.clusterIPs().isEmpty() && before.hasClusterIPs()) spec.clusterIPs(before.clusterIPs());
        var wanted = spec.build().clusterIP();
        boolean same = spec.build().clusterIPs().equals(before.clusterIPs());
        if (!same || wanted.equals(before.clusterIP())) return;
        if (wanted.isEmpty()) spec.clearClusterIPs();
        else spec.clusterIPs(List.of(wanted));
    }

    private void address(
            Admission.Attributes call, ServiceSpec.Builder spec, ServiceSpec old, Taken taken, List<Range> ranges) {
        var given = spec.build();
        var wanted = given.clusterIP();
        if (wanted.isEmpty()) wanted = free(taken, ranges);
        else if (!wanted.equals(Services.NO_ADDRESS) && !wanted.equals(old.clusterIP()))
            checkAddress(call, wanted, taken, ranges);
        spec.clusterIP(wanted).clusterIPs(List.of(wanted));
    }

    private void checkAddress(Admission.Attributes call, String wanted, Taken taken, List<Range> ranges) {
        var why = "failed to allocate IP " + wanted + ": ";
        if (ranges.stream().noneMatch(range -> range.contains(wanted)))
            why += "the provided IP (" + wanted + ") is not in the valid range. The range of valid IPs is " + first;
        else if (taken.address(wanted)) why += "provided IP is already allocated";
        else return;
        throw invalid(call, FieldError.invalid("spec.clusterIPs", List.of(wanted), why));
    }

    private String free(Taken taken, List<Range> ranges) {
        return ranges.stream()
                .flatMap(range -> free(taken, range).stream())
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        ApiException.Reason.INTERNAL_ERROR, "failed to allocate a serviceIP: range is full"));
    }

    private Optional<String> free(Taken taken, Range range) {
        // The low part is left to addresses that are asked for by number (KEP-3070).
        long low = Math.min(Math.max(16, range.size / 16), 256);
        for (int attempt = 0; attempt < 64; attempt++) {
            var candidate = text(range.network + low + random.nextLong(Math.max(1, range.size - low - 1)));
            if (range.contains(candidate) && !taken.address(candidate)) return Optional.of(candidate);
        }
        for (long offset = 1; offset < range.size - 1; offset++) {
            var candidate = text(range.network + offset);
            if (!taken.address(candidate)) return Optional.of(candidate);
        }
        return Optional.empty();
    }

    private void nodePorts(Admission.Attributes call, ServiceSpec.Builder spec, ServiceSpec old, Taken taken) {
        // Two ports of one service may share a number when their protocols differ.
        var ports = new ArrayList<ServicePort>();
        Check.each(spec.build().ports(), "spec.ports", (port, at) -> {
            int wanted = port.nodePort() != 0 ? port.nodePort() : nodePortBefore(old, port);
            if (wanted == 0) wanted = freePort(taken);
            else checkNodePort(call, wanted, taken, at + ".nodePort");
            ports.add(port.toBuilder().nodePort(wanted).build());
            taken.give(wanted);
        });
        if (!ports.isEmpty()) spec.ports(ports);
    }

    private static void checkNodePort(Admission.Attributes call, int wanted, Taken taken, String path) {
        if (wanted < FIRST_NODE_PORT || wanted > LAST_NODE_PORT)
            throw invalid(
                    call,
                    FieldError.invalid(
                            path,
                            wanted,
                            "provided port is not in the valid range. The range of valid ports is " + FIRST_NODE_PORT
                                    + "-" + LAST_NODE_PORT));
        if (taken.port(wanted))
            throw invalid(call, FieldError.invalid(path, wanted, "provided port is already allocated"));
    }

    /// A service that changes its type gives back what only the old one needed, unless the client changed it as well
    /// (and is refused).
    private static void dropWhatTheTypeLeavesBehind(ServiceSpec.Builder spec, ServiceSpec before) {
        var now = spec.build();
        boolean addressed = before.type() != ServiceType.EXTERNAL_NAME;
        if (addressed && now.type() == ServiceType.EXTERNAL_NAME) {
            if (now.clusterIPs().equals(before.clusterIPs()))
                spec.clearClusterIP().clearClusterIPs();
            dropSame(spec, before, ServiceSpec.IP_FAMILIES);
            dropSame(spec, before, ServiceSpec.IP_FAMILY_POLICY);
            // Whoever sent it: there is no traffic that it could be about.
            spec.clearInternalTrafficPolicy();
        }
        if (Services.external(before)
                && !Services.external(now)
                && nodePorts(before).equals(nodePorts(now))) spec.editPorts(ServicePort.Builder::clearNodePort);
        if (Services.reachable(before) && !Services.reachable(now))
            dropSame(spec, before, ServiceSpec.EXTERNAL_TRAFFIC_POLICY);
        if (Services.hasHealthCheck(before) && !Services.hasHealthCheck(now))
            dropSame(spec, before, ServiceSpec.HEALTH_CHECK_NODE_PORT);
        if (Services.balanced(before) && !Services.balanced(now)) {
            dropSame(spec, before, ServiceSpec.ALLOCATE_LOAD_BALANCER_NODE_PORTS);
            dropSame(spec, before, ServiceSpec.LOAD_BALANCER_CLASS);
        }
    }

    private static void dropSame(ServiceSpec.Builder spec, ServiceSpec before, String field) {
        if (Trees.semanticEquals(
                spec.build().raw(field).value(), before.raw(field).value()))
            spec.map().remove(field);
    }

    private int freePort(Taken taken) {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            int candidate = FIRST_NODE_PORT + random.nextInt(LAST_NODE_PORT - FIRST_NODE_PORT + 1);
            if (taken.free(candidate)) return candidate;
        }
        return 0;
    }

    /// Where a load balancer asks whether a node has endpoints of its own.
    private void healthPort(ServiceSpec.Builder spec, ServiceSpec old, Taken taken) {
        var given = spec.build();
        if (!Services.hasHealthCheck(given) || given.healthCheckNodePort() != 0) return;
        spec.healthCheckNodePort(old.healthCheckNodePort() != 0 ? old.healthCheckNodePort() : freePort(taken));
    }

    /// The node port that a port had when it had the same number and protocol, 0 when it had none.
    private static Set<Integer> nodePorts(ServiceSpec spec) {
        return spec.ports().stream()
                .map(ServicePort::nodePort)
                .filter(port -> port != 0)
                .collect(Collectors.toSet());
    }

    private static int nodePortBefore(ServiceSpec before, ServicePort port) {
        return before.ports().stream()
                .filter(old -> old.port() == port.port() && old.protocol() == port.protocol())
                .findFirst()
                .map(ServicePort::nodePort)
                .orElse(0);
    }

    private static ApiException invalid(Admission.Attributes call, FieldError error) {
        return ApiException.invalid("", "Service", call.name(), List.of(error));
    }
}
