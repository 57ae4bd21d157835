package io.navarch.kinds.networkpolicy;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.IPBlock;
import io.navarch.model.NetworkPolicy;
import io.navarch.model.NetworkPolicyPeer;
import io.navarch.model.NetworkPolicyPort;
import io.navarch.model.NetworkPolicySpec;
import io.navarch.model.PolicyType;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;

/// NetworkPolicy: which peers pods may talk to.
public final class NetworkPolicyKind {
    private NetworkPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.NETWORK_POLICIES)
                .version(
                        types.get("V1NetworkPolicy"),
                        columns -> columns.name()
                                .text(
                                        "Pod-Selector",
                                        p -> Columns.selector(p.spec().podSelector()))
                                .age())
                .shortNames("netpol")
                .withGeneration()
                .defaultedBy(NetworkPolicyKind::defaults)
                .ruledBy((policy, old) -> check(policy.spec()))
                .build();
    }

    private static void defaults(Map<String, Object> policy) {
        NetworkPolicy.edit(policy).spec(spec -> {
            var given = spec.build();
            if (!given.policyTypes().isEmpty()) return;
            spec.policyTypes(
                    given.egress().isEmpty()
                            ? List.of(PolicyType.INGRESS)
                            : List.of(PolicyType.INGRESS, PolicyType.EGRESS));
        });
    }

    private static List<FieldError> check(NetworkPolicySpec spec) {
        var check = new Check();
        int i = 0;
        for (var rule : spec.ingress()) rule(rule.ports(), rule.from(), "spec.ingress[" + i++ + "]", ".from", check);
        i = 0;
        for (var rule : spec.egress()) rule(rule.ports(), rule.to(), "spec.egress[" + i++ + "]", ".to", check);
        i = 0;
        var types = spec.raw(NetworkPolicySpec.POLICY_TYPES);
        if (types.list().size() > 2)
            check.invalid("spec.policyTypes", types.list(), "may not specify more than two policyTypes");
        else
            for (var type : types.views())
                check.oneOf(type, "spec.policyTypes[" + i++ + "]", List.of("Ingress", "Egress"));
        return check.errors();
    }

    private static void rule(
            List<NetworkPolicyPort> ports, List<NetworkPolicyPeer> peers, String at, String side, Check check) {
        int i = 0;
        for (var port : ports) port(port, at + ".ports[" + i++ + "]", check);
        i = 0;
        for (var peer : peers) peer(peer, at + side + "[" + i++ + "]", check);
    }

    private static void port(NetworkPolicyPort port, String path, Check check) {
        var first = port.port();
        check.portOrName(first, path + ".port");
        if (!port.hasEndPort()) return;
        int end = port.endPort();
        if (!first.exists()) check.invalid(path + ".endPort", end, "may not be specified when `port` is not specified");
        else if (first.isText())
            check.add(FieldError.invalid(path + ".endPort", end, "may not be specified when `port` is non-numeric"));
        else {
            // The value that is shown is the port's, as in the original.
            if (end < first.number())
                check.invalid(path + ".endPort", first.number(), "must be greater than or equal to `port`");
            check.port(end, path + ".endPort");
        }
    }

    private static void peer(NetworkPolicyPeer peer, String path, Check check) {
        boolean selects = peer.hasPodSelector() || peer.hasNamespaceSelector();
        var block = peer.ipBlock();
        if (!selects && !block.exists()) check.add(FieldError.required(path, "must specify a peer"));
        if (selects && block.exists())
            check.add(FieldError.forbidden(path, "may not specify both ipBlock and another peer"));
        if (block.exists()) block(block, path + ".ipBlock", check);
    }

    private static void block(IPBlock block, String path, Check check) {
        var cidr = block.cidr();
        if (!check.required(cidr, path + ".cidr")) return;
        check.name(cidr, path + ".cidr", Names.cidr(cidr));
        if (Addresses.prefix(cidr) < 0) return;
        int i = 0;
        for (var except : block.except()) {
            var at = path + ".except[" + i++ + "]";
            if (Addresses.prefix(except) < 0) check.name(except, at, Names.cidr(except));
            else if (!Addresses.contains(cidr, except.substring(0, except.indexOf('/')))
                    || Addresses.prefix(except) <= Addresses.prefix(cidr))
                check.add(FieldError.invalid(at, except, "must be a strict subset of `cidr`"));
        }
    }
}
