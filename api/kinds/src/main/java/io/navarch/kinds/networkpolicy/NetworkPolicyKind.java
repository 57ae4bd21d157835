package io.navarch.kinds.networkpolicy;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// NetworkPolicy.
public final class NetworkPolicyKind {
    private NetworkPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("networking.k8s.io", "NetworkPolicy", "networkpolicies")
                .version(
                        "v1",
                        types.get("V1NetworkPolicy"),
                        Columns.NAME,
                        Columns.text(
                                "Pod-Selector", p -> Columns.selector(p.spec().get("podSelector"))),
                        Columns.AGE)
                .names("networkpolicy", "NetworkPolicyList")
                .shortNames("netpol")
                .withGeneration()
                .defaultedBy(NetworkPolicyKind::defaults)
                .ruledBy(NetworkPolicyKind::check);
    }

    private static void defaults(Map<String, Object> policy) {
        var spec = View.of(policy).spec();
        if (!spec.get("policyTypes").list().isEmpty()) return;
        var kinds = Trees.list("Ingress");
        if (!spec.get("egress").list().isEmpty()) kinds.add("Egress");
        Trees.put(policy, kinds, "spec", "policyTypes");
    }

    private static List<FieldError> check(View policy, View old) {
        var check = new Check();
        for (var side : List.of(List.of("ingress", "from"), List.of("egress", "to"))) {
            int i = 0;
            for (var rule : policy.spec().get(side.get(0)).views()) {
                var at = "spec." + side.get(0) + "[" + i++ + "]";
                int j = 0;
                for (var port : rule.get("ports").views()) port(port, at + ".ports[" + j++ + "]", check);
                j = 0;
                for (var peer : rule.get(side.get(1)).views())
                    peer(peer, at + "." + side.get(1) + "[" + j++ + "]", check);
            }
        }
        int i = 0;
        for (var kind : policy.spec().get("policyTypes").strings()) {
            if (!Set.of("Egress", "Ingress").contains(kind))
                check.add(FieldError.notSupported("spec.policyTypes[" + i + "]", kind, Set.of("Egress", "Ingress")));
            i++;
        }
        if (i > 2)
            check.add(FieldError.invalid(
                    "spec.policyTypes",
                    policy.spec().get("policyTypes").list(),
                    "may not specify more than two policyTypes"));
        return check.errors();
    }

    private static void port(View port, String path, Check check) {
        check.portOrName(port.get("port"), path + ".port");
        var end = port.get("endPort");
        if (!end.exists()) return;
        if (!port.get("port").exists())
            check.add(FieldError.required(path + ".port", "may not be empty when `endPort` is specified"));
        else if (port.get("port").value() instanceof String)
            check.add(FieldError.invalid(
                    path + ".endPort", end.value(), "may not be specified when `port` is non-numeric"));
        else if (end.longOr(0) < port.get("port").longOr(0))
            check.add(FieldError.invalid(path + ".endPort", end.value(), "must be greater than or equal to `port`"));
    }

    private static void peer(View peer, String path, Check check) {
        boolean selects = peer.get("podSelector").exists()
                || peer.get("namespaceSelector").exists();
        var block = peer.get("ipBlock");
        if (!selects && !block.exists()) check.add(FieldError.required(path, "must specify a peer"));
        if (selects && block.exists())
            check.add(FieldError.forbidden(path, "may not specify both ipBlock and another peer"));
        if (!block.exists()) return;
        var cidr = block.get("cidr").string();
        if (!check.required(block.get("cidr"), path + ".ipBlock.cidr")) return;
        check.name(cidr, path + ".ipBlock.cidr", Names.cidr(cidr));
        if (Addresses.prefix(cidr) < 0) return;
        int i = 0;
        for (var except : block.get("except").strings()) {
            var at = path + ".ipBlock.except[" + i++ + "]";
            if (Addresses.prefix(except) < 0) check.name(except, at, Names.cidr(except));
            else if (!Addresses.contains(cidr, except.substring(0, except.indexOf('/')))
                    || Addresses.prefix(except) <= Addresses.prefix(cidr))
                check.add(FieldError.invalid(at, except, "must be a strict subset of `cidr`"));
        }
    }
}
