package io.navarch.kinds.servicecidr;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.ServiceCIDR;
import io.navarch.model.ServiceCIDRSpec;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ServiceCIDR: a range of addresses for Services.
public final class ServiceCidrKind {
    private ServiceCidrKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("networking.k8s.io", "ServiceCIDR", "servicecidrs")
                .version(
                        "v1",
                        types.get("V1ServiceCIDR"),
                        Columns.NAME,
                        Columns.text(
                                "CIDRs",
                                ServiceCIDR::of,
                                c -> String.join(",", c.spec().cidrs())),
                        Columns.AGE)
                .clusterScoped()
                .withStatus()
                .ruledBy((object, old) ->
                        check(ServiceCIDR.of(object).spec(), ServiceCIDR.of(old).spec()));
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
        for (var cidr : cidrs) check.name(cidr, "spec.cidrs[" + i++ + "]", Names.cidr(cidr));
        check.immutable(spec.raw(ServiceCIDRSpec.CIDRS), old.raw(ServiceCIDRSpec.CIDRS), "spec.cidrs");
        return check.errors();
    }
}
