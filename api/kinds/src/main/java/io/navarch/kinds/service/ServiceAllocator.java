package io.navarch.kinds.service;

import io.navarch.model.Service;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Gives Services their cluster IP and node ports. What is taken is read from the Services there are, under one lock
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
        for (var object : lookup.list("networking.k8s.io", "servicecidrs", "")) {
            if (object.deleting() || !object.condition("Ready").equals("True")) continue;
            for (var cidr : object.spec().get("cidrs").strings())
                if (!cidr.contains(":") && !result.contains(Range.of(cidr))) result.add(Range.of(cidr));
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
        return call.is("", "services") && call.subresource().isEmpty();
    }

    @Override
    public boolean exclusive(Admission.Attributes call, Admission.Lookup lookup) {
        return true;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var spec = Trees.child(object, "spec");
        var type = View.of(spec).get("type").string();
        if (type.equals("ExternalName")) {
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
        }
        if (old.exists()) dropWhatTheTypeLeavesBehind(spec, old);
        // Nothing is given to a service that will be refused anyway, and its own errors are the ones to tell.
        if (!ServiceRules.check(new Service(object), Service.of(old)).isEmpty()) return;
        var addresses = new HashSet<String>();
        var ports = new HashSet<Long>();
        for (var other : lookup.list("", "services", "")) {
            if (other.uid().equals(old.uid()) && old.exists()) continue;
            addresses.add(other.spec().get("clusterIP").string());
            for (var port : other.spec().get("ports").views())
                ports.add(port.get("nodePort").longOr(0));
            ports.add(other.spec().get("healthCheckNodePort").longOr(0));
        }
        if (!type.equals("ExternalName")) address(call, spec, old, addresses, ranges(lookup));
        if (type.equals("NodePort")
                || type.equals("LoadBalancer")
                        && View.of(spec).get("allocateLoadBalancerNodePorts").boolOr(true)) {
            nodePorts(call, spec, old, ports);
            healthPort(spec, old, ports);
        }
    }

    private void address(
            Admission.Attributes call, Map<String, Object> spec, View old, Set<String> taken, List<Range> ranges) {
        var wanted = View.of(spec)
                .get("clusterIP")
                .stringOr(View.of(spec).get("clusterIPs").at(0).string());
        if (wanted.isEmpty()) {
            wanted = free(taken, ranges);
        } else if (!wanted.equals("None")
                && !wanted.equals(old.spec().get("clusterIP").string())) {
            var address = wanted;
            var why = ranges.stream().noneMatch(range -> range.contains(address))
                    ? "failed to allocate IP " + wanted
                            + ": the provided IP is not in the valid range. The range of valid IPs is " + first
                    : taken.contains(wanted)
                            ? "failed to allocate IP " + wanted + ": provided IP is already allocated"
                            : null;
            if (why != null) throw invalid(call, FieldError.invalid("spec.clusterIPs", List.of(wanted), why));
        }
        spec.put("clusterIP", wanted);
        spec.put("clusterIPs", Trees.list(wanted));
    }

    private String free(Set<String> taken, List<Range> ranges) {
        for (var range : ranges) {
            var found = free(taken, range);
            if (found != null) return found;
        }
        throw new ApiException(ApiException.Reason.INTERNAL_ERROR, "failed to allocate a serviceIP: range is full");
    }

    private String free(Set<String> taken, Range range) {
        // The low part is left to addresses that are asked for by number (KEP-3070).
        long low = Math.min(Math.max(16, range.size / 16), 256);
        for (int attempt = 0; attempt < 64; attempt++) {
            var candidate = text(range.network + low + random.nextLong(Math.max(1, range.size - low - 1)));
            if (range.contains(candidate) && !taken.contains(candidate)) return candidate;
        }
        for (long offset = 1; offset < range.size - 1; offset++) {
            if (!taken.contains(text(range.network + offset))) return text(range.network + offset);
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private void nodePorts(Admission.Attributes call, Map<String, Object> spec, View old, Set<Long> taken) {
        var before = new ArrayList<>(old.spec().get("ports").views());
        // Two ports of one service may share a number when their protocols differ.
        var others = Set.copyOf(taken);
        int index = 0;
        for (var element : View.of(spec).get("ports").list()) {
            var port = (Map<String, Object>) element;
            long wanted = View.of(port).get("nodePort").longOr(0);
            if (wanted == 0) wanted = same(before, View.of(port));
            if (wanted == 0) {
                wanted = freePort(taken);
            } else if (wanted < FIRST_NODE_PORT || wanted > LAST_NODE_PORT) {
                throw invalid(
                        call,
                        FieldError.invalid(
                                "spec.ports[" + index + "].nodePort",
                                wanted,
                                "provided port is not in the valid range. The range of valid ports is "
                                        + FIRST_NODE_PORT + "-" + LAST_NODE_PORT));
            } else if (others.contains(wanted)) {
                throw invalid(
                        call,
                        FieldError.invalid(
                                "spec.ports[" + index + "].nodePort", wanted, "provided port is already allocated"));
            }
            port.put("nodePort", wanted);
            taken.add(wanted);
            index++;
        }
    }

    private static boolean external(View spec) {
        var type = spec.get("type").string();
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static boolean local(View spec) {
        return spec.get("type").string().equals("LoadBalancer")
                && spec.get("externalTrafficPolicy").string().equals("Local");
    }

    /// A service that changes its type gives back what only the old one needed, unless the client changed it as well
    /// (and is refused).
    private static void dropWhatTheTypeLeavesBehind(Map<String, Object> spec, View old) {
        var before = old.spec();
        var now = View.of(spec);
        if (external(before) && !external(now)) {
            dropUnchangedPorts(spec, old);
            dropSame(spec, before, "externalTrafficPolicy");
        }
        if (local(before) && !local(View.of(spec))) dropSame(spec, before, "healthCheckNodePort");
        boolean balanced = before.get("type").string().equals("LoadBalancer");
        if (balanced && !now.get("type").string().equals("LoadBalancer")) {
            dropSame(spec, before, "allocateLoadBalancerNodePorts");
            dropSame(spec, before, "loadBalancerClass");
        }
    }

    private static void dropSame(Map<String, Object> spec, View before, String field) {
        if (Trees.semanticEquals(spec.get(field), before.get(field).value())) spec.remove(field);
    }

    private long freePort(Set<Long> taken) {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            long candidate = FIRST_NODE_PORT + random.nextInt(LAST_NODE_PORT - FIRST_NODE_PORT + 1);
            if (!taken.contains(candidate)) return candidate;
        }
        return 0;
    }

    /// Where a load balancer asks whether a node has endpoints of its own.
    private void healthPort(Map<String, Object> spec, View old, Set<Long> taken) {
        var view = View.of(spec);
        if (!local(view) || view.get("healthCheckNodePort").longOr(0) != 0) return;
        long before = old.spec().get("healthCheckNodePort").longOr(0);
        spec.put("healthCheckNodePort", before != 0 ? before : freePort(taken));
    }

    private static long same(List<View> before, View port) {
        for (var old : before) {
            if (old.get("port").longOr(-1) == port.get("port").longOr(0)
                    && old.get("protocol").string().equals(port.get("protocol").string())) {
                return old.get("nodePort").longOr(0);
            }
        }
        return 0;
    }

    @SuppressWarnings("unchecked")
    private static void dropUnchangedPorts(Map<String, Object> spec, View old) {
        for (var element : View.of(spec).get("ports").list()) {
            var port = (Map<String, Object>) element;
            if (same(old.spec().get("ports").views(), View.of(port))
                    == View.of(port).get("nodePort").longOr(0)) port.remove("nodePort");
        }
    }

    private static ApiException invalid(Admission.Attributes call, FieldError error) {
        return ApiException.invalid("", "Service", call.name(), List.of(error));
    }
}
