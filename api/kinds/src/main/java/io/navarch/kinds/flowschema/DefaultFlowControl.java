package io.navarch.kinds.flowschema;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The priority levels and flow schemas that a cluster begins with, spelled out from `defaults.yaml`.
public final class DefaultFlowControl {
    private DefaultFlowControl() {}

    /// Ready to be created.
    public static List<Map<String, Object>> all() {
        try (var stream = DefaultFlowControl.class.getResourceAsStream("defaults.yaml")) {
            var facts = View.of(Yaml.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
            var result = new ArrayList<Map<String, Object>>();
            for (var level : facts.get("levels").views()) result.add(level(level));
            for (var schema : facts.get("schemas").views()) result.add(schema(schema));
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> level(View facts) {
        var amounts = Trees.map(
                "nominalConcurrencyShares", facts.get("shares").value(),
                "lendablePercent", facts.get("lendable").value());
        boolean exempt = facts.get("name").string().equals("exempt");
        if (!exempt) {
            var queuing = facts.get("queues").exists()
                    ? Trees.map(
                            "queues", facts.get("queues").value(),
                            "handSize", facts.get("hand").value(),
                            "queueLengthLimit", 50L)
                    : null;
            amounts.put("limitResponse", Trees.map("type", queuing == null ? "Reject" : "Queue", "queuing", queuing));
        }
        var spec = Trees.map("type", exempt ? "Exempt" : "Limited", exempt ? "exempt" : "limited", amounts);
        return object("PriorityLevelConfiguration", facts, spec);
    }

    private static Map<String, Object> schema(View facts) {
        var subjects = new ArrayList<Object>();
        for (var user : facts.get("users").strings())
            subjects.add(Trees.map("kind", "User", "user", Trees.map("name", user)));
        for (var group : facts.get("groups").strings())
            subjects.add(Trees.map("kind", "Group", "group", Trees.map("name", group)));
        if (facts.get("accounts").exists())
            subjects.add(Trees.map(
                    "kind",
                    "ServiceAccount",
                    "serviceAccount",
                    Trees.map("name", "*", "namespace", facts.get("accounts").string())));
        var resources = new ArrayList<Object>();
        if (facts.get("resources").bool()) resources.add(rule(List.of("*"), "*", List.of("*"), true));
        if (facts.get("leases").bool())
            resources.add(rule(List.of("get", "create", "update"), "coordination.k8s.io", List.of("leases"), false));
        if (facts.get("nodes").bool()) {
            resources.add(rule(List.of("*"), "", List.of("nodes", "nodes/status"), true));
            resources.add(rule(List.of("*"), "coordination.k8s.io", List.of("leases"), false));
        }
        var urls = facts.get("urls").exists()
                ? List.of(Trees.map(
                        "verbs",
                        facts.get("verbs").exists() ? facts.get("verbs").list() : List.of("*"),
                        "nonResourceURLs",
                        facts.get("urls").list()))
                : null;
        var rule = Trees.map(
                "subjects", subjects,
                "resourceRules", resources.isEmpty() ? null : resources,
                "nonResourceRules", urls);
        var spec = Trees.map(
                "matchingPrecedence", facts.get("precedence").value(),
                "priorityLevelConfiguration",
                        Trees.map("name", facts.get("level").string()),
                "distinguisherMethod",
                        facts.get("by").exists()
                                ? Trees.map("type", facts.get("by").string())
                                : null,
                "rules", List.of(rule));
        return object("FlowSchema", facts, spec);
    }

    private static Map<String, Object> rule(
            List<String> verbs, String group, List<String> resources, boolean clusterScope) {
        return Trees.map(
                "verbs",
                verbs,
                "apiGroups",
                List.of(group),
                "resources",
                resources,
                "clusterScope",
                clusterScope ? true : null,
                "namespaces",
                List.of("*"));
    }

    private static Map<String, Object> object(String kind, View facts, Map<String, Object> spec) {
        return Trees.map(
                "apiVersion",
                "flowcontrol.apiserver.k8s.io/v1",
                "kind",
                kind,
                "metadata",
                Trees.map(
                        "name", facts.get("name").string(),
                        "annotations", Trees.map("apf.kubernetes.io/autoupdate-spec", "true")),
                "spec",
                spec);
    }
}
