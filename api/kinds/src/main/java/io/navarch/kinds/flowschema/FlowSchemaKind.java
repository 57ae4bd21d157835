package io.navarch.kinds.flowschema;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// FlowSchema.
public final class FlowSchemaKind {
    private static final Set<String> VERBS =
            Set.of("*", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy");
    private static final Set<String> URL_VERBS =
            Set.of("*", "get", "put", "post", "delete", "options", "head", "patch", "connect");

    private FlowSchemaKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("flowcontrol.apiserver.k8s.io", "FlowSchema", "flowschemas")
                .version(
                        "v1",
                        types.get("V1FlowSchema"),
                        Columns.NAME,
                        Columns.at("PriorityLevel", "spec.priorityLevelConfiguration.name"),
                        Columns.count("MatchingPrecedence", "spec.matchingPrecedence"),
                        Columns.text(
                                "DistinguisherMethod",
                                f -> f.spec().get("distinguisherMethod", "type").stringOr("<none>")),
                        Columns.AGE,
                        Columns.text("MissingPL", f -> f.condition("Dangling").transform(s -> s.isEmpty() ? "?" : s)))
                .clusterScoped()
                .withStatus()
                .withGeneration()
                .statusRuledBy(FlowSchemaKind::conditions)
                .ruledBy(FlowSchemaKind::check);
    }

    /// Conditions have a type each, and no two the same; also those of priority levels.
    public static List<FieldError> conditions(View object, View old) {
        var check = new Check();
        var seen = new HashSet<String>();
        int i = 0;
        for (var condition : object.status().get("conditions").views()) {
            var at = "status.conditions[" + i++ + "].type";
            var type = condition.get("type").string();
            if (type.isEmpty()) check.add(FieldError.required(at, "must not be empty"));
            if (!seen.add(type)) check.add(FieldError.duplicate(at, type));
        }
        return check.errors();
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        long precedence = spec.get("matchingPrecedence").longOr(0);
        if (precedence <= 0)
            check.add(FieldError.invalid("spec.matchingPrecedence", precedence, "must be a positive value"));
        if (precedence > 10000)
            check.add(FieldError.invalid("spec.matchingPrecedence", precedence, "must not be greater than 10000"));
        if (precedence == 1 && !object.name().equals("exempt"))
            check.add(FieldError.invalid(
                    "spec.matchingPrecedence",
                    precedence,
                    "only the schema named 'exempt' may have matchingPrecedence 1"));
        var level = spec.get("priorityLevelConfiguration", "name").string();
        var path = "spec.priorityLevelConfiguration.name";
        if (level.isEmpty()) check.add(FieldError.required(path, "must reference a priority level"));
        else check.name(level, path, Names.dnsSubdomain(level));
        check.oneOf(
                spec.get("distinguisherMethod", "type"),
                "spec.distinguisherMethod.type",
                Set.of("ByNamespace", "ByUser"));
        int i = 0;
        for (var rule : spec.get("rules").views()) rule(rule, "spec.rules[" + i++ + "]", check);
        return check.errors();
    }

    private static void rule(View rule, String at, Check check) {
        if (rule.get("subjects").list().isEmpty())
            check.add(FieldError.required(at + ".subjects", "subjects must contain at least one value"));
        int i = 0;
        for (var subject : rule.get("subjects").views()) {
            var here = at + ".subjects[" + i++ + "]";
            var kinds = Set.of("Group", "ServiceAccount", "User");
            if (!kinds.contains(subject.get("kind").string()))
                check.add(FieldError.notSupported(
                        here + ".kind", subject.get("kind").string(), kinds));
            else subject(subject, here, check);
        }
        if (rule.get("resourceRules").list().isEmpty()
                && rule.get("nonResourceRules").list().isEmpty())
            check.add(
                    FieldError.required(at, "at least one of resourceRules and nonResourceRules has to be non-empty"));
        i = 0;
        for (var part : rule.get("resourceRules").views()) {
            var here = at + ".resourceRules[" + i++ + "]";
            verbs(part, VERBS, here, check);
            for (var field : List.of("apiGroups", "resources"))
                if (part.get(field).list().isEmpty())
                    check.add(FieldError.required(
                            here + "." + field,
                            "resource rules must supply at least one "
                                    + (field.equals("resources") ? "resource" : "api group")));
            for (var field : List.of("apiGroups", "resources", "namespaces")) alone(part, field, here, check);
            int j = 0;
            for (var namespace : part.get("namespaces").strings()) {
                var there = here + ".namespaces[" + j++ + "]";
                if (namespace.equals("*")) continue;
                for (var text : Names.dnsLabel(namespace))
                    check.add(FieldError.invalid(
                            there, namespace, "each member of this list must be '*' or a DNS-1123 label; " + text));
            }
            if (part.get("namespaces").list().isEmpty()
                    && !part.get("clusterScope").bool())
                check.add(FieldError.required(
                        here + ".namespaces",
                        "resource rules that are not cluster scoped must supply at least one namespace"));
        }
        i = 0;
        for (var part : rule.get("nonResourceRules").views()) {
            var here = at + ".nonResourceRules[" + i++ + "]";
            verbs(part, URL_VERBS, here, check);
            if (part.get("nonResourceURLs").list().isEmpty())
                check.add(FieldError.required(
                        here + ".nonResourceURLs", "nonResourceURLs must contain at least one value"));
        }
    }

    private static void alone(View rule, String field, String at, Check check) {
        var values = rule.get(field).strings();
        var words = field.equals("apiGroups") ? "api groups" : field;
        if (values.contains("*") && values.size() > 1)
            check.add(
                    FieldError.invalid(at + "." + field, values, "if '*' is present, must not specify other " + words));
    }

    /// A subject names who it is in the one field of its kind.
    private static void subject(View subject, String at, Check check) {
        var kind = subject.get("kind").string();
        for (var field : List.of("user", "group", "serviceAccount")) {
            var word = field.equals("user") ? "User" : field.equals("group") ? "Group" : "ServiceAccount";
            var named = subject.get(field);
            if (!word.equals(kind)) {
                if (named.exists())
                    check.add(FieldError.forbidden(
                            at + "." + field, field + " is forbidden when subject kind is not '" + word + "'"));
            } else if (!named.exists()) {
                check.add(FieldError.required(
                        at + "." + field, field + " is required when subject kind is '" + word + "'"));
            } else {
                check.required(named.get("name"), at + "." + field + ".name");
                if (field.equals("serviceAccount"))
                    check.required(named.get("namespace"), at + "." + field + ".namespace");
            }
        }
    }

    private static void verbs(View rule, Set<String> known, String at, Check check) {
        var verbs = rule.get("verbs").strings();
        if (verbs.isEmpty()) check.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
        else if (verbs.contains("*") && verbs.size() > 1)
            check.add(FieldError.invalid(at + ".verbs", verbs, "if '*' is present, must not specify other verbs"));
        else if (!known.containsAll(verbs)) check.add(FieldError.notSupported(at + ".verbs", verbs, known));
    }
}
