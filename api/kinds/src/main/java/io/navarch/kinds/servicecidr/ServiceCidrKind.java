package io.navarch.kinds.servicecidr;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.ServiceCIDRSpec;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ServiceCIDR: a range of addresses for Services.
public final class ServiceCidrKind {
    private ServiceCidrKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SERVICE_CIDRS)
                .version(
                        types.get("V1ServiceCIDR"),
                        columns -> columns.name()
                                .text("CIDRs", c -> String.join(",", c.spec().cidrs()))
                                .age())
                .withStatus()
                .resetting("status", "metadata", "spec")
                .ruledBy((object, old) -> check(object.spec(), old.spec()))
                .build();
    }

    private static List<FieldError> check(ServiceCIDRSpec spec, ServiceCIDRSpec old) {
        var check = new Check();
        var cidrs = spec.cidrs();
        var shown = spec.view().map();
        if (cidrs.isEmpty()) check.add(FieldError.required("spec.cidrs", "at least one CIDR required"));
        if (cidrs.size() > 2) check.add(FieldError.invalid("spec", shown, "may only hold up to 2 values"));
        if (cidrs.size() == 2 && Addresses.six(cidrs.get(0)) == Addresses.six(cidrs.get(1)))
            check.add(FieldError.invalid(
                    "spec",
                    shown,
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"));
        int i = 0;
        for (var cidr : cidrs) check.name(cidr, "spec.cidrs[" + i++ + "]", Names.canonicalCidr(cidr));
        check.immutable(spec.raw(ServiceCIDRSpec.CIDRS), old.raw(ServiceCIDRSpec.CIDRS), "spec.cidrs");
        return check.errors();
    }
}
