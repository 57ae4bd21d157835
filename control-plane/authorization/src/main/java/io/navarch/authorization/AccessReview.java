package io.navarch.authorization;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Selectors;
import io.navarch.model.SubjectAccessReview;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A call as a question to somebody else: a SubjectAccessReview.
final class AccessReview {
    private AccessReview() {}

    /// @param version `v1` or `v1beta1`, which names groups otherwise
    static Map<String, Object> of(AccessAttributes call, String version) {
        var spec = spec(call);
        if (version.equals("v1beta1") && spec.containsKey("groups")) spec.put("group", spec.remove("groups"));
        return Trees.map(
                "kind",
                "SubjectAccessReview",
                "apiVersion",
                "authorization.k8s.io/" + version,
                "metadata",
                Trees.map(),
                SubjectAccessReview.SPEC,
                spec,
                SubjectAccessReview.STATUS,
                Trees.map("allowed", false));
    }

    /// What says one question from another.
    static Map<String, Object> spec(AccessAttributes call) {
        var spec = Trees.map();
        if (call.resource()) spec.put("resourceAttributes", resource(call));
        else spec.put("nonResourceAttributes", filled("path", call.path(), "verb", call.verb()));
        var user = call.user();
        if (!user.name().isEmpty()) spec.put("user", user.name());
        if (!user.groups().isEmpty()) spec.put("groups", List.copyOf(user.groups()));
        if (!user.extra().isEmpty()) spec.put("extra", user.extra());
        if (!user.uid().isEmpty()) spec.put("uid", user.uid());
        return spec;
    }

    private static Map<String, Object> resource(AccessAttributes call) {
        var resource = filled(
                "namespace",
                call.namespace(),
                "verb",
                call.verb(),
                "group",
                call.group(),
                "version",
                call.version(),
                "resource",
                call.kindPlural(),
                "subresource",
                call.subresource(),
                "name",
                call.name());
        resource.putAll(selectors(call.selectors()));
        return resource;
    }

    private static Map<String, Object> filled(String... namesAndValues) {
        var result = Trees.map();
        for (int i = 0; i < namesAndValues.length; i += 2)
            if (!namesAndValues[i + 1].isEmpty()) result.put(namesAndValues[i], namesAndValues[i + 1]);
        return result;
    }

    private static Map<String, Object> selectors(Selectors selectors) {
        var result = Trees.map();
        var fields = new ArrayList<Object>();
        for (var term : selectors.fields())
            fields.add(Trees.map(
                    "key", term.path(), "operator", term.equal() ? "In" : "NotIn", "values", List.of(term.value())));
        if (!fields.isEmpty()) result.put("fieldSelector", Trees.map("requirements", fields));
        var labels = new ArrayList<Object>();
        for (var each : selectors.labels()) {
            var operator = operator(each.operator());
            // What cannot be told only makes the question wider.
            if (operator.isEmpty()) continue;
            var requirement = Trees.map("key", each.key(), "operator", operator);
            if (!each.values().isEmpty()) requirement.put("values", List.copyOf(each.values()));
            labels.add(requirement);
        }
        if (!labels.isEmpty()) result.put("labelSelector", Trees.map("requirements", labels));
        return result;
    }

    private static String operator(LabelSelector.Operator operator) {
        return switch (operator) {
            case IN -> "In";
            case NOT_IN -> "NotIn";
            case EXISTS -> "Exists";
            case DOES_NOT_EXIST -> "DoesNotExist";
            case GREATER, LESS -> "";
        };
    }

    /// The call as conditions see it: texts are there even when they are empty.
    static Map<String, Object> variable(AccessAttributes call) {
        var user = call.user();
        var request = Trees.map(
                "user",
                user.name(),
                "groups",
                List.copyOf(user.groups()),
                "uid",
                user.uid(),
                "extra",
                Map.copyOf(user.extra()));
        if (!call.resource()) {
            request.put("nonResourceAttributes", Trees.map("path", call.path(), "verb", call.verb()));
            return request;
        }
        var resource = Trees.map(
                "namespace",
                call.namespace(),
                "verb",
                call.verb(),
                "group",
                call.group(),
                "version",
                call.version(),
                "resource",
                call.kindPlural(),
                "subresource",
                call.subresource(),
                "name",
                call.name());
        for (var selector : selectors(call.selectors()).entrySet()) resource.put(selector.getKey(), whole(selector));
        request.put("resourceAttributes", resource);
        return request;
    }

    /// Requirements with a list of values, also when it is empty.
    @SuppressWarnings("unchecked")
    private static Object whole(Map.Entry<String, Object> selector) {
        var tree = (Map<String, Object>) selector.getValue();
        for (var each : (List<Object>) tree.getOrDefault("requirements", List.of()))
            ((Map<String, Object>) each).putIfAbsent("values", List.of());
        return tree;
    }
}
