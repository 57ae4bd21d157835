package io.navarch.kinds.endpointslice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;

/// EndpointSlice: some of the addresses behind a Service.
public final class EndpointSliceKind {
    private EndpointSliceKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("discovery.k8s.io", "EndpointSlice", "endpointslices")
                .version(
                        "v1",
                        types.get("V1EndpointSlice"),
                        Columns.NAME,
                        Columns.at("AddressType", "addressType"),
                        Columns.text("Ports", EndpointSliceKind::ports),
                        Columns.text("Endpoints", EndpointSliceKind::addresses),
                        Columns.AGE)
                .withGeneration()
                .ruledBy(EndpointSliceKind::check);
    }

    private static List<FieldError> check(View slice, View old) {
        var check = new Check();
        var kind = slice.get("addressType").string();
        if (old.exists()) check.immutable(slice.get("addressType"), old.get("addressType"), "addressType");
        int i = 0;
        for (var endpoint : slice.get("endpoints").views()) {
            var at = "endpoints[" + i++ + "]";
            var addresses = endpoint.get("addresses").strings();
            if (addresses.isEmpty())
                check.add(FieldError.required(at + ".addresses", "must contain at least 1 address"));
            int j = 0;
            for (var address : addresses) {
                var here = at + ".addresses[" + j++ + "]";
                switch (kind) {
                    case "IPv4", "IPv6" -> {
                        boolean wrong =
                                Addresses.parse(address) == null || Addresses.six(address) != kind.equals("IPv6");
                        if (wrong) check.add(FieldError.invalid(here, address, "must be a valid " + kind + " address"));
                    }
                    case "FQDN" -> check.name(address, here, Names.dnsSubdomain(address));
                    default -> {}
                }
            }
        }
        var names = new HashSet<String>();
        i = 0;
        for (var port : slice.get("ports").views()) {
            var at = "ports[" + i++ + "].name";
            var name = port.get("name").string();
            if (!name.isEmpty()) check.name(name, at, Names.dnsLabel(name));
            if (!names.add(name)) check.add(FieldError.duplicate(at, name));
        }
        return check.errors();
    }

    private static String ports(View slice) {
        var parts = slice.get("ports").stream()
                .map(port -> port.get("port").exists() ? port.get("port").text() : "*")
                .toList();
        return summary(parts);
    }

    private static String addresses(View slice) {
        return summary(slice.get("endpoints").stream()
                .flatMap(endpoint -> endpoint.get("addresses").strings().stream())
                .toList());
    }

    private static String summary(List<String> parts) {
        if (parts.isEmpty()) return "<unset>";
        return parts.size() <= 3
                ? String.join(",", parts)
                : String.join(",", parts.subList(0, 3)) + " + " + (parts.size() - 3) + " more...";
    }
}
