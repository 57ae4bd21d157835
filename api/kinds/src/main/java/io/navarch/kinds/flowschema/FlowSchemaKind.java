package io.navarch.kinds.flowschema;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Enumeration;
import io.navarch.model.FlowDistinguisherMethod;
import io.navarch.model.FlowDistinguisherMethodType;
import io.navarch.model.FlowSchema;
import io.navarch.model.FlowSchemaConditionType;
import io.navarch.model.FlowSubjectKind;
import io.navarch.model.FlowcontrolSubject;
import io.navarch.model.PolicyRulesWithSubjects;
import io.navarch.model.ResourcePolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccountSubject;
import io.navarch.model.StatusCondition;
import io.navarch.model.Structure;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// FlowSchema: which requests go through which priority level.
public final class FlowSchemaKind {
    private static final Set<String> VERBS =
            Set.of("*", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy");
    private static final Set<String> URL_VERBS =
            Set.of("*", "get", "put", "post", "delete", "options", "head", "patch", "connect");

    /// What errors name as verbs, of URLs too.
    private static final Set<String> SHOWN_VERBS =
            Set.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy");

    private FlowSchemaKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.FLOW_SCHEMAS)
                .version(
                        types.get("V1FlowSchema"),
                        columns -> columns.name()
                                .text("PriorityLevel", FlowSchemaKind::level)
                                .untyped("MatchingPrecedence", f ->
                                        (long) f.spec().matchingPrecedence())
                                .text("DistinguisherMethod", FlowSchemaKind::method)
                                .age()
                                .text("MissingPL", FlowSchemaKind::dangling))
                .rowsOrderedBy(Comparator.comparingInt(
                                (FlowSchema schema) -> schema.spec().matchingPrecedence())
                        .thenComparing(FlowSchema::name))
                .withStatus()
                .resetting("status", "metadata", "spec")
                .withGeneration()
                .statusRuledBy((schema, old) -> conditions(schema.status().conditions()))
                .ruledBy((schema, old) -> check(schema))
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static String level(FlowSchema schema) {
        return schema.spec().priorityLevelConfiguration().name();
    }

    private static String method(FlowSchema schema) {
        return Columns.orNone(schema.spec().distinguisherMethod().type().text());
    }

    private static String dangling(FlowSchema schema) {
        var status = StatusCondition.status(schema.status().conditions(), FlowSchemaConditionType.DANGLING);
        return status == ConditionStatus.UNSET ? "?" : status.text();
    }

    /// Each condition has a type, and no two have the same; this holds for priority levels too.
    public static List<FieldError> conditions(List<? extends StatusCondition> conditions) {
        var check = new Check();
        var seen = new HashSet<String>();
        int i = 0;
        for (var condition : conditions) {
            var at = "status.conditions[" + i++ + "].type";
            var type = condition.type();
            if (type.isEmpty()) check.add(FieldError.required(at));
            if (!seen.add(type)) check.add(FieldError.duplicate(at, type));
        }
        return check.errors();
    }

    private static List<FieldError> check(FlowSchema schema) {
        var check = new Check();
        int precedence = schema.spec().matchingPrecedence();
        var at = "spec.matchingPrecedence";
        if (precedence <= 0) check.add(FieldError.invalid(at, precedence, "must be a positive value"));
        if (precedence > 10000) check.add(FieldError.invalid(at, precedence, "must not be greater than 10000"));
        if (precedence == 1 && !schema.name().equals("exempt"))
            check.add(
                    FieldError.invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
        var level = level(schema);
        var path = "spec.priorityLevelConfiguration.name";
        if (level.isEmpty()) check.add(FieldError.required(path, "must reference a priority level"));
        else check.name(level, path, Names.dnsSubdomain(level));
        var method = schema.spec().distinguisherMethod();
        if (method.exists() && !method.type().known())
            check.notSupported(
                    "spec.distinguisherMethod.type",
                    Check.shown(method.view(), FlowDistinguisherMethod.TYPE),
                    Enumeration.texts(FlowDistinguisherMethodType.values()));
        int i = 0;
        for (var rule : schema.spec().rules()) rule(rule, "spec.rules[" + i++ + "]", check);
        var fixed = DefaultFlowControl.fixed(schema.name());
        if (fixed.isPresent() && !schema.spec().semanticEquals(fixed.get()))
            check.add(FieldError.invalid(
                    "spec",
                    schema.spec().view().value(),
                    "spec of '" + schema.name() + "' must equal the fixed value"));
        return check.errors();
    }

    private static void rule(PolicyRulesWithSubjects rule, String at, Check check) {
        if (rule.subjects().isEmpty())
            check.add(FieldError.required(at + ".subjects", "subjects must contain at least one value"));
        int i = 0;
        for (var subject : rule.subjects()) subject(subject, at + ".subjects[" + i++ + "]", check);
        if (rule.resourceRules().isEmpty() && rule.nonResourceRules().isEmpty())
            check.add(
                    FieldError.required(at, "at least one of resourceRules and nonResourceRules has to be non-empty"));
        i = 0;
        for (var part : rule.resourceRules()) resources(part, at + ".resourceRules[" + i++ + "]", check);
        i = 0;
        for (var part : rule.nonResourceRules()) {
            var here = at + ".nonResourceRules[" + i++ + "]";
            verbs(part.verbs(), URL_VERBS, here, check);
            if (part.nonResourceURLs().isEmpty())
                check.add(FieldError.required(
                        here + ".nonResourceURLs", "nonResourceURLs must contain at least one value"));
            else if (part.nonResourceURLs().contains("*"))
                alone(part.nonResourceURLs(), here + ".nonResourceURLs", "non-resource URLs", check);
            else
                Check.each(part.nonResourceURLs(), here + ".nonResourceURLs", (url, place) -> {
                    var wrong = wrongUrl(url);
                    if (!wrong.isEmpty()) check.invalid(place, url, wrong);
                });
        }
    }

    /// What is wrong with a path, or `""`.
    private static String wrongUrl(String path) {
        if (path.isEmpty()) return "must not be empty";
        if (!path.startsWith("/")) return "must start with slash";
        if (path.contains(" ")) return "must not contain white-space";
        if (path.contains("//")) return "must not contain double slash";
        int wildcard = path.indexOf('*');
        return wildcard >= 0 && !path.endsWith("/*") || wildcard != path.lastIndexOf('*')
                ? "wildcard can only do suffix matching"
                : "";
    }

    private static void resources(ResourcePolicyRule rule, String at, Check check) {
        verbs(rule.verbs(), VERBS, at, check);
        if (rule.apiGroups().isEmpty())
            check.add(FieldError.required(at + ".apiGroups", "resource rules must supply at least one api group"));
        if (rule.resources().isEmpty())
            check.add(FieldError.required(at + ".resources", "resource rules must supply at least one resource"));
        alone(rule.apiGroups(), at + ".apiGroups", "api groups", check);
        alone(rule.resources(), at + ".resources", "resources", check);
        alone(rule.namespaces(), at + ".namespaces", "namespaces", check);
        int i = 0;
        for (var namespace : rule.namespaces()) {
            if (rule.namespaces().contains("*")) break;
            var here = at + ".namespaces[" + i++ + "]";
            for (var text : Names.dnsLabel(namespace))
                check.add(FieldError.invalid(
                        here, namespace, "each member of this list must be '*' or a DNS-1123 label; " + text));
        }
        if (rule.namespaces().isEmpty() && !rule.clusterScope())
            check.add(FieldError.required(
                    at + ".namespaces",
                    "resource rules that are not cluster scoped must supply at least one namespace"));
    }

    private static void alone(List<String> values, String at, String words, Check check) {
        if (values.contains("*") && values.size() > 1)
            check.add(FieldError.invalid(at, values, "if '*' is present, must not specify other " + words));
    }

    /// A subject says who it is in the one field of its kind.
    private static void subject(FlowcontrolSubject subject, String at, Check check) {
        var kind = subject.kind();
        if (kind == FlowSubjectKind.UNSET || kind == FlowSubjectKind.UNRECOGNIZED) {
            check.add(FieldError.notSupported(
                    at + ".kind",
                    subject.raw(FlowcontrolSubject.KIND).string(),
                    Enumeration.texts(FlowSubjectKind.values())));
            return;
        }
        var account = subject.serviceAccount();
        part(subject.user(), FlowSubjectKind.USER, kind, at + ".user", check);
        part(subject.group(), FlowSubjectKind.GROUP, kind, at + ".group", check);
        part(account, FlowSubjectKind.SERVICE_ACCOUNT, kind, at + ".serviceAccount", check);
        if (kind == FlowSubjectKind.SERVICE_ACCOUNT && account.exists())
            account(account, at + ".serviceAccount", check);
    }

    private static void account(ServiceAccountSubject account, String at, Check check) {
        if (!account.name().isEmpty() && !account.name().equals("*"))
            check.name(account.name(), at + ".name", Names.dnsSubdomain(account.name()));
        var path = at + ".namespace";
        if (account.namespace().isEmpty())
            check.add(FieldError.required(path, "must specify namespace for service account"));
        else check.name(account.namespace(), path, Names.dnsLabel(account.namespace()));
    }

    private static void part(Structure named, FlowSubjectKind meant, FlowSubjectKind kind, String at, Check check) {
        var field = at.substring(at.lastIndexOf('.') + 1);
        if (meant != kind) {
            if (named.exists())
                check.add(FieldError.forbidden(at, field + " is forbidden when subject kind is not '" + meant + "'"));
        } else if (!named.exists()) {
            check.add(FieldError.required(at, field + " is required when subject kind is '" + meant + "'"));
        } else {
            // All three have a name.
            check.required(named.raw(ServiceAccountSubject.NAME), at + ".name");
        }
    }

    private static void verbs(List<String> verbs, Set<String> known, String at, Check check) {
        if (verbs.isEmpty()) check.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
        else if (verbs.contains("*") && verbs.size() > 1)
            check.add(FieldError.invalid(at + ".verbs", verbs, "if '*' is present, must not specify other verbs"));
        else if (!known.containsAll(verbs)) check.notSupported(at + ".verbs", verbs, SHOWN_VERBS);
    }
}
