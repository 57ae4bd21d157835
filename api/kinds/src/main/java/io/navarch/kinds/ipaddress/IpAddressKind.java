package io.navarch.kinds.ipaddress;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;

/// IPAddress: an address that is taken, and by whom. Its name is the address.
public final class IpAddressKind {
    private IpAddressKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("networking.k8s.io", "IPAddress", "ipaddresses")
                .version(
                        "v1",
                        types.get("V1IPAddress"),
                        Columns.NAME,
                        Columns.text("ParentRef", IpAddressKind::parent),
                        Columns.AGE)
                .names("ipaddress", "IPAddressList")
                .shortNames("ip")
                .clusterScoped()
                .named(Names::canonicalIp)
                .ruledBy((object, old) -> {
                    var check = new Check();
                    var parent = object.spec().get("parentRef");
                    if (!parent.exists()) {
                        check.add(FieldError.required("spec.parentRef"));
                        return check.errors();
                    }
                    check.required(parent.get("resource"), "spec.parentRef.resource");
                    check.required(parent.get("name"), "spec.parentRef.name");
                    if (old.exists()) check.immutable(parent, old.spec().get("parentRef"), "spec.parentRef");
                    return check.errors();
                });
    }

    private static String parent(View object) {
        var parent = object.spec().get("parentRef");
        if (!parent.exists()) return "<none>";
        var parts = new ArrayList<String>();
        for (var field : List.of("group", "resource", "namespace", "name")) {
            var part = parent.get(field).string();
            if (!part.isEmpty()) parts.add(part);
        }
        return String.join("/", parts);
    }
}
