package io.navarch.kinds.node;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Node.
public final class NodeKind {
    private static final String ROLE = "node-role.kubernetes.io/";

    private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private NodeKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Node", "nodes")
                .version(
                        "v1",
                        types.get("V1Node"),
                        Columns.NAME,
                        Columns.text("Status", NodeKind::state),
                        Columns.text("Roles", NodeKind::roles),
                        Columns.AGE,
                        Columns.text(
                                "Version",
                                n -> n.status()
                                        .get("nodeInfo", "kubeletVersion")
                                        .string()),
                        Columns.wide("Internal-IP", n -> address(n, "InternalIP")),
                        Columns.wide("External-IP", n -> address(n, "ExternalIP")),
                        Columns.wide("OS-Image", n -> info(n, "osImage")),
                        Columns.wide("Kernel-Version", n -> info(n, "kernelVersion")),
                        Columns.wide("Container-Runtime", n -> info(n, "containerRuntimeVersion")))
                .shortNames("no")
                .clusterScoped()
                .storedUnder("/registry/minions/")
                .withStatus()
                .defaultedBy(NodeKind::ranges)
                .statusRuledBy(NodeKind::checkStatus)
                .ruledBy(NodeKind::check)
                .field(
                        "spec.unschedulable",
                        n -> String.valueOf(n.spec().get("unschedulable").bool()))
                .connect("proxy", "NodeProxyOptions", "", "", "create", "delete", "get", "patch", "update");
    }

    /// The first range has a field of its own; where they differ, that field is right.
    private static void ranges(Map<String, Object> node) {
        var capacity = View.of(node).status().get("capacity");
        if (!capacity.map().isEmpty()) Trees.putIfAbsent(node, Trees.copy(capacity.value()), "status", "allocatable");
        var spec = View.of(node).spec();
        var single = spec.get("podCIDR").string();
        var all = spec.get("podCIDRs").strings();
        if (single.isEmpty() && !all.isEmpty()) Trees.put(node, all.getFirst(), "spec", "podCIDR");
        if (!single.isEmpty() && (all.isEmpty() || !all.getFirst().equals(single)))
            Trees.put(node, Trees.list(single), "spec", "podCIDRs");
    }

    private static List<FieldError> check(View node, View old) {
        var check = new Check();
        int i = 0;
        var seen = new HashSet<String>();
        for (var taint : node.spec().get("taints").views()) {
            var at = "metadata.taints[" + i++ + "]";
            var key = taint.get("key").string();
            var value = taint.get("value").string();
            var effect = taint.get("effect").string();
            check.name(key, at + ".key", Names.qualifiedName(key));
            check.name(value, at + ".value", Names.labelValue(value));
            if (effect.isEmpty()) check.add(FieldError.required(at + ".effect"));
            else check.oneOf(taint.get("effect"), at + ".effect", EFFECTS);
            if (!seen.add(key + ":" + effect)) check.add(FieldError.duplicate(at, taint.map()));
        }
        var ranges = node.spec().get("podCIDRs").strings();
        i = 0;
        for (var range : ranges) check.name(range, "spec.podCIDRs[" + i++ + "]", Names.cidr(range));
        if (ranges.size() > 2 || ranges.size() == 2 && Addresses.six(ranges.get(0)) == Addresses.six(ranges.get(1)))
            check.add(FieldError.invalid(
                    "spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family"));
        if (old.exists()) fixed(node, old, check);
        return check.errors();
    }

    private static List<FieldError> checkStatus(View node, View old) {
        var check = new Check();
        for (var part : List.of("capacity", "allocatable")) {
            node.status().get(part).map().forEach((name, value) -> {
                var amount = Quantity.parseOr(value, Quantity.ZERO);
                var at = "status." + part + "." + name;
                if (amount.negative())
                    check.add(FieldError.invalid(at, amount.toString(), "must be greater than or equal to 0"));
                boolean whole = name.equals("pods") || ResourceNames.extended(name);
                if (whole && amount.value().stripTrailingZeros().scale() > 0)
                    check.add(FieldError.invalid(at, amount.toString(), "must be an integer"));
            });
        }
        var seen = new HashSet<Object>();
        int i = 0;
        for (var address : node.status().get("addresses").list()) {
            if (!seen.add(address)) check.add(FieldError.duplicate("status.addresses[" + i + "]", address));
            i++;
        }
        return check.errors();
    }

    /// What a node is told once.
    private static void fixed(View node, View old, Check check) {
        var before = old.spec().get("podCIDRs").strings();
        var now = node.spec().get("podCIDRs").strings();
        if (!before.isEmpty() && !now.equals(before))
            check.add(FieldError.forbidden(
                    "spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid"));
        var id = old.spec().get("providerID").string();
        if (!id.isEmpty() && !id.equals(node.spec().get("providerID").string()))
            check.add(FieldError.forbidden(
                    "spec.providerID", "node updates may not change providerID except from \"\" to valid"));
        if (!Trees.semanticEquals(rest(node), rest(old)))
            check.add(FieldError.forbidden("[]", "node updates may only change labels, taints, or capacity"));
    }

    private static Map<String, Object> rest(View node) {
        var spec = Trees.copy(node.spec().map());
        for (var field : List.of("podCIDR", "podCIDRs", "providerID", "unschedulable", "taints", "configSource"))
            spec.remove(field);
        return spec;
    }

    private static String state(View node) {
        var parts = new ArrayList<String>();
        parts.add(
                switch (node.condition("Ready")) {
                    case "True" -> "Ready";
                    case "False", "Unknown" -> "NotReady";
                    default -> "Unknown";
                });
        if (node.spec().get("unschedulable").bool()) parts.add("SchedulingDisabled");
        return String.join(",", parts);
    }

    private static String roles(View node) {
        var roles = new TreeSet<String>();
        node.labels().forEach((key, value) -> {
            if (key.startsWith(ROLE) && key.length() > ROLE.length()) roles.add(key.substring(ROLE.length()));
            if (key.equals("kubernetes.io/role") && !value.isEmpty()) roles.add(value);
        });
        return Columns.joined(new ArrayList<>(roles));
    }

    private static String address(View node, String type) {
        return Columns.orNone(
                node.status().get("addresses").find("type", type).get("address").string());
    }

    private static String info(View node, String field) {
        return node.status().get("nodeInfo", field).stringOr("<unknown>");
    }
}
