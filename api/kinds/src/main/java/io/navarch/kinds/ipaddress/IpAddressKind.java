package io.navarch.kinds.ipaddress;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.IPAddressSpec;
import io.navarch.model.ParentReference;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// IPAddress: an address that is taken, and whom it belongs to. Its name is the address.
public final class IpAddressKind {
    private IpAddressKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.IP_ADDRESSES)
                .version(
                        types.get("V1IPAddress"),
                        columns -> columns.name()
                                .text(
                                        "ParentRef",
                                        address -> parent(address.spec().parentRef()))
                                .age())
                .shortNames("ip")
                .named(Names::canonicalIp)
                .ruledBy((object, old) -> check(object.spec(), old.spec()))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(IPAddressSpec spec, IPAddressSpec old) {
        var check = new Check();
        var parent = spec.parentRef();
        if (!parent.exists()) {
            check.add(FieldError.required("spec.parentRef"));
            if (old.hasParentRef()) check.invalid("spec.parentRef", null, "field is immutable");
            return check.errors();
        }
        var group = parent.group();
        if (!group.isEmpty()) check.name(group, "spec.parentRef.group", Names.dnsSubdomain(group));
        if (check.required(parent.resource(), "spec.parentRef.resource"))
            check.name(parent.resource(), "spec.parentRef.resource", Names.pathSegment(parent.resource()));
        if (check.required(parent.name(), "spec.parentRef.name"))
            check.name(parent.name(), "spec.parentRef.name", Names.pathSegment(parent.name()));
        check.name(parent.namespace(), "spec.parentRef.namespace", Names.pathSegment(parent.namespace()));
        check.immutable(parent, old.parentRef(), "spec.parentRef");
        return check.errors();
    }

    private static String parent(ParentReference parent) {
        if (!parent.exists()) return "<none>";
        return Stream.of(parent.group(), parent.resource(), parent.namespace(), parent.name())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }
}
