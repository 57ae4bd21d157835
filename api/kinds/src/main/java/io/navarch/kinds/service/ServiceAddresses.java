package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.model.IpFamily;
import io.navarch.model.IpFamilyPolicy;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of a Service's cluster addresses and their families.
record ServiceAddresses(Check check) {
    private static final String ADDRESSES = "spec.clusterIPs";
    private static final String FAMILIES = "spec.ipFamilies";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final Set<String> KNOWN = Set.of("IPv4", "IPv6");
    private static final Set<String> POLICIES = Set.of("PreferDualStack", "RequireDualStack", "SingleStack");
    private static final String FIXED = "may not change once set";

    static List<FieldError> errors(ServiceSpec spec) {
        var rules = new ServiceAddresses(new Check());
        rules.related(spec);
        return rules.check.errors();
    }

    void related(ServiceSpec spec) {
        if (spec.type() == ServiceType.EXTERNAL_NAME) return;
        first(spec);
        families(spec);
        var policy = policy(spec);
        if (policy != null && !POLICIES.contains(policy)) check.notSupported(POLICY, policy, POLICIES);
        if (shapes(spec.clusterIPs())) {
            stacks(spec.clusterIPs());
            matching(spec);
        }
    }

    private void first(ServiceSpec spec) {
        var all = spec.clusterIPs();
        if (spec.clusterIP().isEmpty()) {
            if (!all.isEmpty()) check.invalid(ADDRESSES, all, "must be empty when `clusterIP` is not specified");
        } else if (all.isEmpty()) {
            check.add(FieldError.required(ADDRESSES));
        } else if (!all.getFirst().equals(spec.clusterIP())) {
            check.invalid(ADDRESSES, all, "first value must match `clusterIP`");
        }
    }

    private void families(ServiceSpec spec) {
        var seen = new HashSet<String>();
        Check.each(names(spec), FAMILIES, (family, at) -> {
            if (!KNOWN.contains(family)) check.notSupported(at, family, KNOWN);
            if (!seen.add(family)) check.duplicate(at, family);
        });
    }

    /// Whether nothing is wrong with the addresses one by one; else the rest is not worth asking.
    private boolean shapes(List<String> addresses) {
        boolean right = true;
        for (int i = 0; i < addresses.size(); i++) {
            var address = addresses.get(i);
            if (i == 0 && address.equals(Services.NO_ADDRESS)) {
                if (addresses.size() == 1) continue;
                check.invalid(ADDRESSES, addresses, "'None' must be the first and only value");
                right = false;
                continue;
            }
            var wrong = Names.ip(address);
            check.name(address, ADDRESSES + "[" + i + "]", wrong);
            right &= wrong.isEmpty();
        }
        if (addresses.size() > 2) check.invalid(ADDRESSES, addresses, "may only hold up to 2 values");
        return right;
    }

    private void stacks(List<String> addresses) {
        if (addresses.size() < 2) return;
        boolean four = addresses.stream().anyMatch(address -> !Addresses.six(address));
        boolean six = addresses.stream().anyMatch(Addresses::six);
        if (!four || !six) check.invalid(ADDRESSES, addresses, "may specify no more than one IP for each IP family");
    }

    private void matching(ServiceSpec spec) {
        if (Services.headless(spec)) return;
        var families = names(spec);
        for (int i = 0; i < Math.min(families.size(), spec.clusterIPs().size()); i++) {
            var address = spec.clusterIPs().get(i);
            var family = families.get(i);
            boolean six = Addresses.six(address);
            if (family.equals("IPv4") && six || family.equals("IPv6") && !six)
                check.invalid(
                        ADDRESSES + "[" + i + "]",
                        address,
                        "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
        }
    }

    /// What may not change, and what may only be given back on purpose.
    void update(ServiceSpec now, ServiceSpec before) {
        if (now.type() == ServiceType.EXTERNAL_NAME || before.type() == ServiceType.EXTERNAL_NAME) return;
        boolean headless = Services.headless(now);
        if (headless && Services.headless(before)) return;
        addresses(now, before);
        if (headless == Services.headless(before)) families(now, before);
    }

    private void addresses(ServiceSpec now, ServiceSpec before) {
        var after = now.clusterIPs();
        var old = before.clusterIPs();
        if (old.size() == after.size()) {
            for (int i = 0; i < old.size(); i++)
                if (!old.get(i).equals(after.get(i))) check.invalid(ADDRESSES + "[" + i + "]", after, FIXED);
            return;
        }
        if (after.isEmpty()) check.invalid(ADDRESSES + "[0]", after, "primary clusterIP can not be unset");
        if (!old.isEmpty() && !after.isEmpty() && !old.getFirst().equals(after.getFirst()))
            check.invalid(ADDRESSES + "[0]", after, FIXED);
        if (old.size() > after.size() && after.size() == 1) released(now, "clusterIP");
    }

    private void families(ServiceSpec now, ServiceSpec before) {
        var after = names(now);
        var old = names(before);
        if (old.size() == after.size()) {
            for (int i = 0; i < old.size(); i++)
                if (!old.get(i).equals(after.get(i))) check.invalid(FAMILIES + "[0]", after, FIXED);
            return;
        }
        if (old.size() > after.size() && now.clusterIPs().isEmpty())
            check.invalid(FAMILIES + "[0]", after, "primary ipFamily can not be unset");
        // The value is the original's.
        if (!old.isEmpty() && !after.isEmpty() && !old.getFirst().equals(after.getFirst()))
            check.invalid(FAMILIES + "[0]", now.clusterIPs(), FIXED);
        if (old.size() > after.size() && after.size() == 1) released(now, "ipFamily");
    }

    private void released(ServiceSpec now, String what) {
        if (now.ipFamilyPolicy() != IpFamilyPolicy.SINGLE_STACK)
            check.invalid(POLICY, policy(now), "must be set to 'SingleStack' when releasing the secondary " + what);
    }

    static @Nullable String policy(ServiceSpec spec) {
        var policy = spec.raw(ServiceSpec.IP_FAMILY_POLICY);
        return policy.exists() ? policy.string() : null;
    }

    static List<String> names(ServiceSpec spec) {
        return spec.raw(ServiceSpec.IP_FAMILIES).strings();
    }

    static String family(String address) {
        return Addresses.six(address) ? IpFamily.IPV6.text() : IpFamily.IPV4.text();
    }
}
