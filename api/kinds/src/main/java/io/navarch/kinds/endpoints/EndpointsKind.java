package io.navarch.kinds.endpoints;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;

/// Endpoints: which addresses stand behind a Service, in the shape that EndpointSlices have followed.
public final class EndpointsKind {
    private EndpointsKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Endpoints", "endpoints")
                .deprecatedVersion(
                        "v1",
                        types.get("V1Endpoints"),
                        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
                        Columns.NAME,
                        Columns.text("Endpoints", EndpointsKind::summary),
                        Columns.AGE)
                .names("endpoints", "EndpointsList")
                .shortNames("ep")
                .storedUnder("/registry/services/endpoints/")
                .createsOnUpdate()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    int i = 0;
                    for (var subset : object.get("subsets").views()) {
                        var at = "subsets[" + i++ + "]";
                        if (subset.get("addresses").list().isEmpty()
                                && subset.get("notReadyAddresses").list().isEmpty())
                            check.add(FieldError.required(at, "must specify `addresses` or `notReadyAddresses`"));
                        int j = 0;
                        for (var port : subset.get("ports").views()) {
                            var here = at + ".ports[" + j++ + "]";
                            var name = port.get("name").string();
                            if (name.isEmpty() && subset.get("ports").list().size() > 1)
                                check.add(FieldError.required(here + ".name"));
                            if (!name.isEmpty()) check.name(name, here + ".name", Names.dnsLabel(name));
                        }
                    }
                    return check.errors();
                });
    }

    private static String summary(View object) {
        var parts = new ArrayList<String>();
        for (var subset : object.get("subsets").views()) {
            for (var address : subset.get("addresses").views()) {
                var ip = address.get("ip").string();
                if (subset.get("ports").list().isEmpty()) parts.add(ip);
                for (var port : subset.get("ports").views())
                    parts.add((Addresses.six(ip) ? "[" + ip + "]" : ip) + ":"
                            + port.get("port").text());
            }
        }
        if (parts.size() <= 3) return Columns.joined(parts);
        return String.join(",", parts.subList(0, 3)) + " + " + (parts.size() - 3) + " more...";
    }
}
