package io.navarch.kinds.endpoints;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Endpoints and EndpointSlice: which addresses stand behind a Service.
public final class EndpointsKinds {
    private EndpointsKinds() {}

    public static KindDefinition endpoints(Types types) {
        return KindDefinition.of("", "Endpoints", "endpoints")
                .version(
                        "v1",
                        types.get("V1Endpoints"),
                        Columns.NAME,
                        Columns.text("Endpoints", EndpointsKinds::summary),
                        Columns.AGE)
                .names("endpoints", "EndpointsList")
                .shortNames("ep")
                .storedUnder("/registry/services/endpoints/")
                .createsOnUpdate()
                .warningAbout(object -> List.of())
                .defaultedBy(EndpointsKinds::defaultProtocols);
    }

    @SuppressWarnings("unchecked")
    private static void defaultProtocols(Map<String, Object> object) {
        for (var subset : View.of(object).get("subsets").views()) {
            for (var port : subset.get("ports").list())
                Trees.putIfAbsent((Map<String, Object>) port, "TCP", "protocol");
        }
    }

    private static String summary(View object) {
        var parts = new ArrayList<String>();
        for (var subset : object.get("subsets").views()) {
            for (var address : subset.get("addresses").views()) {
                if (subset.get("ports").list().isEmpty())
                    parts.add(address.get("ip").string());
                for (var port : subset.get("ports").views())
                    parts.add(
                            address.get("ip").string() + ":" + port.get("port").text());
            }
        }
        if (parts.size() <= 3) return Columns.joined(parts);
        return String.join(",", parts.subList(0, 3)) + " + " + (parts.size() - 3) + " more...";
    }

    public static KindDefinition endpointSlice(Types types) {
        return KindDefinition.of("discovery.k8s.io", "EndpointSlice", "endpointslices")
                .version(
                        "v1",
                        types.get("V1EndpointSlice"),
                        Columns.NAME,
                        Columns.text("AddressType", s -> s.get("addressType").string()),
                        Columns.text("Ports", EndpointsKinds::ports),
                        Columns.text("Endpoints", EndpointsKinds::addresses),
                        Columns.AGE)
                .withGeneration()
                .defaultedBy(EndpointsKinds::sliceDefaults)
                .ruledBy((slice, old) -> {
                    var check = new Check();
                    if (check.required(slice.get("addressType"), "addressType")) {
                        check.oneOf(slice.get("addressType"), "addressType", Set.of("FQDN", "IPv4", "IPv6"));
                    }
                    check.immutable(slice.get("addressType"), old.get("addressType"), "addressType");
                    int i = 0;
                    for (var endpoint : slice.get("endpoints").views()) {
                        if (endpoint.get("addresses").list().isEmpty()) {
                            check.add(FieldError.required(
                                    "endpoints[" + i + "].addresses", "must contain at least 1 address"));
                        }
                        i++;
                    }
                    return check.errors();
                });
    }

    @SuppressWarnings("unchecked")
    private static void sliceDefaults(Map<String, Object> object) {
        for (var element : View.of(object).get("ports").list()) {
            var port = (Map<String, Object>) element;
            Trees.putIfAbsent(port, "TCP", "protocol");
            Trees.putIfAbsent(port, "", "name");
        }
    }

    private static String ports(View slice) {
        var parts = slice.get("ports").stream()
                .map(port -> port.get("port").exists() ? port.get("port").text() : "*")
                .toList();
        return parts.isEmpty() ? "<unset>" : String.join(",", parts);
    }

    private static String addresses(View slice) {
        var parts = slice.get("endpoints").stream()
                .flatMap(endpoint -> endpoint.get("addresses").strings().stream())
                .toList();
        if (parts.isEmpty()) return "<unset>";
        return parts.size() <= 3
                ? String.join(",", parts)
                : String.join(",", parts.subList(0, 3)) + " + " + (parts.size() - 3) + " more...";
    }
}
