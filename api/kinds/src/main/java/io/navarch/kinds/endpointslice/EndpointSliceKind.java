package io.navarch.kinds.endpointslice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.AddressType;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointHints;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.HashSet;
import java.util.List;

/// EndpointSlice: some of the addresses behind a Service.
public final class EndpointSliceKind {
    private static final String NOTHING = "<unset>";
    private static final int HINTS = 8;
    private static final int ENDPOINTS = 1000;
    private static final int PORTS = 20_000;

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
                .withGenerationOfLabels()
                .preparedBy(EndpointSlice::edit, EndpointSliceKind::prepare)
                .ruledBy(EndpointSliceKind::check)
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static List<FieldError> check(EndpointSlice slice, EndpointSlice old) {
        var check = new Check();
        ports(slice, check);
        if (!Trees.semanticEquals(
                slice.raw(EndpointSlice.ENDPOINTS).value(),
                old.raw(EndpointSlice.ENDPOINTS).value())) endpoints(slice, check);
        if (old.exists()) check.immutable(slice, old, "", EndpointSlice.ADDRESS_TYPE);
        return check.errors();
    }

    private static void endpoints(EndpointSlice slice, Check check) {
        // Too many are told of by their type; of those none is looked at.
        if (slice.endpoints().size() <= ENDPOINTS)
            Check.each(
                    slice.endpoints(), EndpointSlice.ENDPOINTS, (endpoint, at) -> endpoint(endpoint, slice, at, check));
    }

    private static void ports(EndpointSlice slice, Check check) {
        if (slice.ports().size() > PORTS) return;
        var names = new HashSet<String>();
        Check.each(slice.ports(), "ports", (port, at) -> {
            var name = port.name();
            if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsLabel(name));
            if (!names.add(name)) check.duplicate(at + ".name", name);
        });
    }

    private static void endpoint(Endpoint endpoint, EndpointSlice slice, String path, Check check) {
        var addresses = path + ".addresses";
        if (endpoint.addresses().isEmpty()) check.missing(addresses, "must contain at least 1 address");
        Check.each(endpoint.addresses(), addresses, (address, at) -> {
            if (slice.addressType() == AddressType.FQDN) fullyQualified(address, at, check);
            var wrong = address(address, slice.addressType());
            check.name(address, at, wrong);
            if (wrong.isEmpty()) family(address, slice.addressType(), addresses, at, check);
        });
        zones(endpoint.hints(), path + ".hints.forZones", check);
        nodes(endpoint.hints(), path + ".hints.forNodes", check);
    }

    private static List<String> address(String address, AddressType type) {
        return switch (type) {
            case IPV4 -> Names.ip(address);
            case IPV6 -> Names.canonicalIp(address);
            case FQDN, UNSET, UNRECOGNIZED -> List.of();
        };
    }

    private static void fullyQualified(String address, String path, Check check) {
        if (!check.required(address, path)) return;
        var name = address.endsWith(".") ? address.substring(0, address.length() - 1) : address;
        var wrong = Names.dnsSubdomain(name);
        if (!wrong.isEmpty()) check.invalid(path, name, String.join(",", wrong));
        else if (name.indexOf('.') < 0)
            check.invalid(path, name, "should be a domain with at least two segments separated by dots");
        else
            for (var label : name.split("\\.")) {
                if (label.length() > 63) check.invalid(path, label, String.join(",", Names.dnsLabel(label)));
            }
    }

    private static void family(String address, AddressType type, String all, String path, Check check) {
        if (type != AddressType.IPV4 && type != AddressType.IPV6) return;
        boolean six = type == AddressType.IPV6;
        // The original names the list.
        if (Addresses.six(address) != six) check.invalid(all, address, "must be an " + type + " address");
        check.name(address, path, Names.endpointIp(address));
    }

    private static void zones(EndpointHints hints, String path, Check check) {
        if (!check.few(hints.forZones().size(), HINTS, path)) return;
        var seen = new HashSet<String>();
        Check.each(hints.forZones(), path, (zone, at) -> {
            if (!seen.add(zone.name())) check.duplicate(at + ".name", zone.name());
            check.name(zone.name(), at + ".name", Names.labelValue(zone.name()));
        });
    }

    private static void nodes(EndpointHints hints, String path, Check check) {
        if (!check.few(hints.forNodes().size(), HINTS, path)) return;
        var seen = new HashSet<String>();
        Check.each(hints.forNodes(), path, (node, at) -> {
            if (!seen.add(node.name())) check.duplicate(at + ".name", node.name());
            check.name(node.name(), at + ".name", Names.dnsSubdomain(node.name()));
        });
    }

    /// What older versions had instead of zone and node name is not taken any more.
    private static void prepare(EndpointSlice.Builder slice, EndpointSlice old) {
        if (!slice.build().endpoints().equals(old.endpoints()))
            slice.editEndpoints(Endpoint.Builder::clearDeprecatedTopology);
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
