package io.navarch.kinds.servicecidr;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.ServiceCIDR;
import io.navarch.model.ServiceCIDRSpec;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ServiceCIDR: a range of addresses for Services.
public final class ServiceCidrKind {
    private static final String CIDRS = "spec.cidrs";
    private static final String IMMUTABLE = "field is immutable";

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
                .ruledBy((object, old) -> check(object.spec(), old))
                .build();
    }

    private static List<FieldError> check(ServiceCIDRSpec spec, ServiceCIDR old) {
        var check = new Check();
        if (old.exists()) update(spec, old.spec().cidrs(), check);
        else ranges(spec, check);
        return check.errors();
    }

    private static void ranges(ServiceCIDRSpec spec, Check check) {
        var cidrs = spec.cidrs();
        if (cidrs.isEmpty()) check.missing(CIDRS, "at least one CIDR required");
        if (cidrs.size() > 2) check.invalid(CIDRS, spec.view().map(), "may only hold up to 2 values");
        if (cidrs.size() > 2) return;
        Check.each(cidrs, CIDRS, (cidr, at) -> check.name(cidr, at, Names.canonicalCidr(cidr)));
        if (cidrs.size() == 2
                && cidrs.stream().allMatch(cidr -> Names.canonicalCidr(cidr).isEmpty())
                && Addresses.six(cidrs.get(0)) == Addresses.six(cidrs.get(1)))
            check.invalid(
                    CIDRS,
                    cidrs,
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
    }

    /// Only a range of the other family may be added to a single one.
    private static void update(ServiceCIDRSpec spec, List<String> old, Check check) {
        var cidrs = spec.cidrs();
        boolean added = old.size() == 1 && cidrs.size() == 2;
        if (cidrs.size() != old.size() && !added) {
            check.invalid(CIDRS, spec.raw(ServiceCIDRSpec.CIDRS).value(), IMMUTABLE);
            return;
        }
        for (int i = 0; i < old.size(); i++)
            if (!cidrs.get(i).equals(old.get(i))) check.invalid(CIDRS + "[" + i + "]", cidrs.get(i), IMMUTABLE);
        if (added) ranges(spec, check);
    }
}
