package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.model.IpFamily;
import io.navarch.model.IpFamilyPolicy;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.objects.FieldError;
import java.util.ArrayList;
import java.util.List;

/// Which IP families a Service gets in a cluster that has one of them: IPv4.
///
/// @param spec the families are set here
/// @param before absent for a new service
record ServiceFamilies(ServiceSpec.Builder spec, ServiceSpec before, Check check) {
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String NOT_CONFIGURED = "not configured on this cluster";

    /// Sets the policy and the families where they follow from the rest.
    ///
    /// @return what keeps them from being set
    static List<FieldError> set(ServiceSpec.Builder spec, ServiceSpec before) {
        var families = new ServiceFamilies(spec, before, new Check());
        families.set();
        return families.check.errors();
    }

    private void set() {
        if (spec.build().type() == ServiceType.EXTERNAL_NAME) return;
        if (before.exists() && keptAsPreferred()) return;
        if (!spec.build().hasIpFamilyPolicy()) spec.ipFamilyPolicy(policy());
        check.addAll(ServiceAddresses.errors(spec.build()));
        if (!right()) return;
        if (before.exists()) reduced();
        single();
        infer();
        if (!right()) return;
        if (Services.headless(spec.build()) && spec.build().selector().isEmpty()) {
            headless();
            return;
        }
        configured();
        if (right() && names().isEmpty()) spec.ipFamilies(List.of(IpFamily.IPV4));
    }

    private boolean right() {
        return check.errors().isEmpty();
    }

    private List<String> names() {
        return ServiceAddresses.names(spec.build());
    }

    private boolean prefers(ServiceSpec each) {
        return each.ipFamilyPolicy() == IpFamilyPolicy.PREFER_DUAL_STACK;
    }

    private boolean keptAsPreferred() {
        var now = spec.build();
        return prefers(now)
                && prefers(before)
                && now.clusterIPs().equals(before.clusterIPs())
                && names().equals(ServiceAddresses.names(before));
    }

    private IpFamilyPolicy policy() {
        if (before.hasIpFamilyPolicy()) return before.ipFamilyPolicy();
        boolean open =
                Services.headless(spec.build()) && spec.build().selector().isEmpty();
        return open ? IpFamilyPolicy.REQUIRE_DUAL_STACK : IpFamilyPolicy.SINGLE_STACK;
    }

    /// Without a second family there is also no second address, unless the client leaves both as they were.
    private void reduced() {
        var now = spec.build();
        var old = ServiceAddresses.names(before);
        if (now.ipFamilyPolicy() == IpFamilyPolicy.SINGLE_STACK) {
            if (now.clusterIPs().size() > 1 && now.clusterIPs().equals(before.clusterIPs()))
                spec.clusterIPs(now.clusterIPs().subList(0, 1));
            if (names().size() > 1 && names().equals(old))
                spec.ipFamilies(now.ipFamilies().subList(0, 1));
            return;
        }
        var why = "must be 'SingleStack' to release the secondary ";
        if (before.clusterIPs().size() > 1 && now.clusterIPs().size() == 1) refuse(why + "cluster IP");
        if (old.size() > 1 && names().size() == 1) refuse(why + "IP family");
    }

    private void refuse(String why) {
        check.invalid(POLICY, ServiceAddresses.policy(spec.build()), why);
    }

    private void single() {
        if (spec.build().ipFamilyPolicy() != IpFamilyPolicy.SINGLE_STACK) return;
        var why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple ";
        if (spec.build().clusterIPs().size() == 2) refuse(why + "cluster IPs are specified");
        if (names().size() == 2) refuse(why + "IP families are specified");
    }

    private void infer() {
        var addresses = spec.build().clusterIPs();
        var families = new ArrayList<>(spec.build().ipFamilies());
        for (int i = families.size(); i < addresses.size(); i++) {
            if (addresses.get(i).equals(Services.NO_ADDRESS)) break;
            var family = ServiceAddresses.family(addresses.get(i));
            if (family.equals(IpFamily.IPV4.text())) families.add(IpFamily.IPV4);
            else check.invalid("spec.clusterIPs[" + i + "]", addresses, family + " is " + NOT_CONFIGURED);
        }
        if (!families.isEmpty() && families.size() > names().size()) spec.ipFamilies(families);
    }

    /// A service whose endpoints somebody else writes may have any family.
    private void headless() {
        if (names().isEmpty()) spec.ipFamilies(List.of(IpFamily.IPV4));
        if (names().size() > 1 || spec.build().ipFamilyPolicy() == IpFamilyPolicy.SINGLE_STACK) return;
        var first = spec.build().ipFamilies().getFirst();
        spec.ipFamilies(List.of(first, first == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4));
    }

    private void configured() {
        if (spec.build().ipFamilyPolicy() == IpFamilyPolicy.REQUIRE_DUAL_STACK)
            refuse("this cluster is not configured for dual-stack services");
        Check.each(names(), "spec.ipFamilies", (family, at) -> {
            if (!family.equals(IpFamily.IPV4.text())) check.invalid(at, family, NOT_CONFIGURED);
        });
    }
}
