package io.navarch.kinds.servicecidr;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;

/// ServiceCIDR: a range that Services get their addresses from.
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
                                c -> String.join(",", c.spec().get("cidrs").strings())),
                        Columns.AGE)
                .clusterScoped()
                .withStatus()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    var cidrs = object.spec().get("cidrs").strings();
                    if (cidrs.isEmpty()) check.add(FieldError.required("spec.cidrs", "at least one CIDR required"));
                    if (cidrs.size() > 2)
                        check.add(FieldError.invalid("spec", object.spec().map(), "may only hold up to 2 values"));
                    if (cidrs.size() == 2 && Addresses.six(cidrs.get(0)) == Addresses.six(cidrs.get(1)))
                        check.add(
                                FieldError.invalid(
                                        "spec",
                                        object.spec().map(),
                                        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"));
                    int i = 0;
                    for (var cidr : cidrs) check.name(cidr, "spec.cidrs[" + i++ + "]", Names.cidr(cidr));
                    if (old.exists())
                        check.immutable(object.spec().get("cidrs"), old.spec().get("cidrs"), "spec.cidrs");
                    return check.errors();
                });
    }
}
