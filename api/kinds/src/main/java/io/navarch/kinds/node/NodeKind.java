package io.navarch.kinds.node;

import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.TreeSet;

/// Node.
public final class NodeKind {
    private static final String ROLE = "node-role.kubernetes.io/";

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
                .field(
                        "spec.unschedulable",
                        n -> String.valueOf(n.spec().get("unschedulable").bool()))
                .connect("proxy", "NodeProxyOptions", "", "", "create", "delete", "get", "patch", "update");
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
