package io.navarch.kinds.endpoints;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.EndpointPort;
import io.navarch.model.EndpointSubset;
import io.navarch.model.Endpoints;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;

/// Endpoints: which addresses stand behind a Service, in the shape that EndpointSlices have followed.
public final class EndpointsKind {
    private EndpointsKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.ENDPOINTS)
                .version(
                        types.get("V1Endpoints"),
                        columns -> columns.name()
                                .text("Endpoints", EndpointsKind::summary)
                                .age())
                .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
                .names("endpoints", "EndpointsList")
                .shortNames("ep")
                .storedUnder("/registry/services/endpoints/")
                .createsOnUpdate()
                .ruledBy(EndpointsKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(Endpoints endpoints, Endpoints old) {
        var check = new Check();
        Check.each(endpoints.subsets(), "subsets", (subset, at) -> subset(subset, at, check));
        return check.errors();
    }

    private static void subset(EndpointSubset subset, String path, Check check) {
        if (subset.addresses().isEmpty() && subset.notReadyAddresses().isEmpty())
            check.missing(path, "must specify `addresses` or `notReadyAddresses`");
        boolean several = subset.ports().size() > 1;
        Check.each(subset.ports(), path + ".ports", (port, at) -> {
            if (!port.name().isEmpty()) check.name(port.name(), at + ".name", Names.dnsLabel(port.name()));
            else if (several) check.add(FieldError.required(at + ".name"));
        });
    }

    private static String summary(Endpoints endpoints) {
        var parts = new ArrayList<String>();
        for (var subset : endpoints.subsets()) {
            for (var address : subset.addresses()) addTargets(address.ip(), subset.ports(), parts);
        }
        return Columns.few(parts, "<none>");
    }

    private static void addTargets(String address, List<EndpointPort> ports, List<String> parts) {
        if (ports.isEmpty()) parts.add(address);
        var host = Addresses.six(address) ? "[" + address + "]" : address;
        for (var port : ports) parts.add(host + ":" + port.port());
    }
}
