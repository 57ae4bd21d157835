package io.navarch.kinds.node;

import io.navarch.kinds.support.AddressWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Node;
import io.navarch.model.NodeAddressType;
import io.navarch.model.NodeConditionType;
import io.navarch.model.NodeSpec;
import io.navarch.model.NodeStatus;
import io.navarch.model.Resources;
import io.navarch.model.Taint;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Node.
public final class NodeKind {
    private static final String ROLE = "node-role.kubernetes.io/";

    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private NodeKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.NODES)
                .version(types.get("V1Node"), NodeKind::columns)
                .shortNames("no")
                .storedUnder("/registry/minions/")
                .withStatusFromTheStart()
                .defaultedBy(Node::edit, NodeKind::defaults)
                .preparedBy(Node::edit, NodeKind::prepare)
                .statusPreparedBy(Node::edit, NodeKind::prepareStatus)
                .statusRuledBy((node, old) -> NodeStatusRules.check(node.status()))
                .ruledBy(NodeKind::check)
                .warning((node, old) -> warnings(node.spec()))
                .field("spec.unschedulable", node -> String.valueOf(node.spec().unschedulable()))
                .connect("proxy", "NodeProxyOptions", "", "", "create", "delete", "get", "patch", "update")
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static void columns(ColumnList<Node> columns) {
        var unknown = "<unknown>";
        columns.name()
                .text("Status", NodeKind::state)
                .text("Roles", NodeKind::roles)
                .age()
                .text("Version", node -> node.status().nodeInfo().kubeletVersion())
                .wide("Internal-IP", node -> Columns.orNone(Nodes.address(node, NodeAddressType.INTERNAL_IP)))
                .wide("External-IP", node -> Columns.orNone(Nodes.address(node, NodeAddressType.EXTERNAL_IP)))
                .wide("OS-Image", node -> node.status().nodeInfo().osImageOr(unknown))
                .wide("Kernel-Version", node -> node.status().nodeInfo().kernelVersionOr(unknown))
                .wide("Container-Runtime", node -> node.status().nodeInfo().containerRuntimeVersionOr(unknown));
    }

    /// Nodes are not configured through the API any more.
    private static void prepare(Node.Builder node, Node old) {
        if (!old.spec().hasConfigSource() && node.build().hasSpec()) node.spec(NodeSpec.Builder::clearConfigSource);
        if (!old.exists() && node.build().hasStatus()) node.status(NodeStatus.Builder::clearConfig);
    }

    private static void prepareStatus(Node.Builder node, Node old) {
        if (!old.status().hasConfig() && node.build().hasStatus()) node.status(NodeStatus.Builder::clearConfig);
    }

    private static void defaults(Node.Builder node) {
        var status = node.build().status();
        if (!status.capacity().isEmpty() && !status.hasAllocatable())
            node.status(each -> each.allocatable(status.capacity()));
        if (node.build().hasSpec()) node.spec(NodeKind::ranges);
    }

    /// The first range has a field of its own; where they differ, that field is right.
    private static void ranges(NodeSpec.Builder spec) {
        var single = spec.build().podCIDR();
        var all = spec.build().podCIDRs();
        var first = all.isEmpty() ? "" : all.getFirst();
        if (single.isEmpty() && !first.isEmpty()) spec.podCIDR(first);
        if (!single.isEmpty() && !first.equals(single)) spec.podCIDRs(List.of(single));
    }

    private static List<FieldError> check(Node node, Node old) {
        var check = new Check();
        taints(node.spec(), check);
        if (!old.exists()) {
            NodeStatusRules.start(node.status(), check);
            NodeStatusRules.swap(node.status().nodeInfo(), check);
        }
        podRanges(node.spec().podCIDRs(), check);
        if (!old.exists()) return check.errors();
        fixed(node.spec(), old.spec(), check);
        // An update is checked as a new node is, and once more as an update.
        taints(node.spec(), check);
        return check.errors();
    }

    private static void taints(NodeSpec spec, Check check) {
        var seen = new HashSet<String>();
        // The original's path.
        Check.each(spec.taints(), "metadata.taints", (taint, at) -> {
            taint(taint, at, check);
            if (!seen.add(taint.key() + ":" + taint.raw(Taint.EFFECT).string()))
                check.duplicate(at, shown(taint), "taints must be unique by key and effect pair");
        });
    }

    /// With an empty value where it has none.
    private static Map<String, @Nullable Object> shown(Taint taint) {
        var shown = Check.shown(taint.view(), Taint.KEY, Taint.VALUE, Taint.EFFECT, Taint.TIME_ADDED);
        shown.put("Value", taint.value());
        return shown;
    }

    private static void podRanges(List<String> ranges, Check check) {
        Check.each(ranges, "spec.podCIDRs", (range, at) -> check.name(range, at, Names.cidr(range)));
        if (ranges.size() < 2) return;
        var wrong = ranges.stream()
                .filter(range -> Addresses.prefix(Addresses.withoutLeadingZeros(range)) < 0)
                .findFirst();
        wrong.ifPresent(range -> check.add(FieldError.internal(
                "spec.podCIDRs",
                "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[" + ranges.indexOf(range)
                        + "]: <nil> (invalid CIDR address: " + range + ")")));
        boolean both =
                ranges.stream().anyMatch(Addresses::six) && !ranges.stream().allMatch(Addresses::six);
        if (wrong.isPresent() || ranges.size() > 2 || !both)
            check.invalid("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family");
    }

    private static void taint(Taint taint, String path, Check check) {
        check.name(taint.key(), path + ".key", Names.qualifiedName(taint.key()));
        check.name(taint.value(), path + ".value", Names.labelValue(taint.value()));
        var effect = taint.raw(Taint.EFFECT);
        if (check.required(effect, path + ".effect")) check.listed(effect.string(), path + ".effect", EFFECTS);
    }

    private static List<String> warnings(NodeSpec spec) {
        var result = new ArrayList<String>();
        if (spec.hasConfigSource()) result.add("spec.configSource: the feature is removed");
        if (!spec.externalID().isEmpty())
            result.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
        Check.each(spec.podCIDRs(), "spec.podCIDRs", (range, at) -> result.addAll(AddressWarnings.cidr(at, range)));
        return result;
    }

    /// What a node is told once.
    private static void fixed(NodeSpec now, NodeSpec before, Check check) {
        if (!before.podCIDRs().isEmpty() && !now.podCIDRs().equals(before.podCIDRs()))
            check.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        if (!before.providerID().isEmpty() && !now.providerID().equals(before.providerID()))
            check.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        if (!now.externalID().equals(before.externalID())) check.forbidden("spec.externalID", "may not be updated");
    }

    private static String state(Node node) {
        var state = switch (Nodes.condition(node, NodeConditionType.READY).status()) {
            case TRUE -> "Ready";
            case FALSE, UNKNOWN -> "NotReady";
            case UNSET, UNRECOGNIZED -> "Unknown";
        };
        return node.spec().unschedulable() ? state + ",SchedulingDisabled" : state;
    }

    private static String roles(Node node) {
        var roles = new TreeSet<String>();
        node.labels().forEach((key, value) -> {
            if (key.startsWith(ROLE) && key.length() > ROLE.length()) roles.add(key.substring(ROLE.length()));
            if (key.equals("kubernetes.io/role") && !value.isEmpty()) roles.add(value);
        });
        return Columns.joined(List.copyOf(roles));
    }
}
