package io.navarch.kinds.endpointslice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.AddressType;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;

/// EndpointSlice: some of the addresses behind a Service.
public final class EndpointSliceKind {
    private static final String NOTHING = "<unset>";

    private EndpointSliceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.ENDPOINT_SLICES)
                .version(
                        types.get("V1EndpointSlice"),
                        columns -> columns.name()
                                .text(
                                        "AddressType",
                                        slice -> slice.addressType().text())
                                .text("Ports", EndpointSliceKind::ports)
                                .text("Endpoints", EndpointSliceKind::addresses)
                                .age())
                .withGeneration()
                .ruledBy(EndpointSliceKind::check)
                .build();
    }

    private static List<FieldError> check(EndpointSlice slice, EndpointSlice old) {
        var check = new Check();
        if (old.exists()) check.immutable(slice, old, "", EndpointSlice.ADDRESS_TYPE);
        Check.each(slice.endpoints(), "endpoints", (endpoint, at) -> {
            if (endpoint.addresses().isEmpty()) check.missing(at + ".addresses", "must contain at least 1 address");
            Check.each(
                    endpoint.addresses(),
                    at + ".addresses",
                    (address, here) -> address(address, slice.addressType(), here, check));
        });
        var names = new HashSet<String>();
        Check.each(slice.ports(), "ports", (port, at) -> {
            var name = port.name();
            if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsLabel(name));
            if (!names.add(name)) check.duplicate(at + ".name", name);
        });
        return check.errors();
    }

    private static void address(String address, AddressType type, String path, Check check) {
        switch (type) {
            case IPV4, IPV6 -> {
                boolean six = type == AddressType.IPV6;
                if (!Addresses.isAddress(address) || Addresses.six(address) != six)
                    check.invalid(path, address, "must be a valid " + type + " address");
            }
            case FQDN -> check.name(address, path, Names.dnsSubdomain(address));
            case UNSET, UNRECOGNIZED -> {}
        }
    }

    private static String ports(EndpointSlice slice) {
        var ports = slice.ports().stream()
                .map(port -> port.hasPort() ? String.valueOf(port.port()) : "*")
                .toList();
        return Columns.few(ports, NOTHING);
    }

    private static String addresses(EndpointSlice slice) {
        var addresses = slice.endpoints().stream()
                .flatMap(endpoint -> endpoint.addresses().stream())
                .toList();
        return Columns.few(addresses, NOTHING);
    }
}
