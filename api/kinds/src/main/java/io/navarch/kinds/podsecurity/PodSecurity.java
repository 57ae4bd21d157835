package io.navarch.kinds.podsecurity;

import io.navarch.model.CronJob;
import io.navarch.model.Namespace;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplate;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Holds pods to the level that their namespace's labels name: refuses (`enforce`), warns (`warn`) and notes (`audit`).
///
/// Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/
public final class PodSecurity implements Admission.Validating {
    private static final String LABEL = "pod-security.kubernetes.io/";
    private static final Set<String> TEMPLATES = Set.of(
            "podtemplates",
            "replicationcontrollers",
            "replicasets.apps",
            "deployments.apps",
            "statefulsets.apps",
            "daemonsets.apps",
            "jobs.batch",
            "cronjobs.batch");

    /// What is never held to anything.
    public record Exemptions(Set<String> users, Set<String> namespaces, Set<String> runtimeClasses) {
        public static final Exemptions NONE = new Exemptions(Set.of(), Set.of(), Set.of());
    }

    private final Exemptions exemptions;
    private final Map<String, String> defaults = new HashMap<>();

    /// @param defaults what holds where a namespace says nothing, by `enforce`, `enforce-version`, `audit`, …
    public PodSecurity(Exemptions exemptions, Map<String, String> defaults) {
        this.exemptions = exemptions;
        defaults.forEach((mode, level) -> this.defaults.put(LABEL + mode, level));
    }

    private Map<String, String> policy(Map<String, String> labels) {
        if (defaults.isEmpty()) return labels;
        var all = new HashMap<>(defaults);
        all.putAll(labels);
        return all;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        if (call.operation() == Operation.DELETE) return false;
        if (call.is(Resources.NAMESPACES)) return call.subresource().isEmpty();
        if (call.is(Resources.PODS))
            return call.subresource().isEmpty() || call.subresource().equals("ephemeralcontainers");
        var name = call.resource() + (call.group().isEmpty() ? "" : "." + call.group());
        return call.subresource().isEmpty() && TEMPLATES.contains(name);
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        if (call.is(Resources.NAMESPACES)) {
            namespace(call, Namespace.of(object), Namespace.of(old), lookup);
            return;
        }
        if (exemptions.namespaces.contains(call.namespace()) || exemptions.users.contains(call.user())) return;
        var labels =
                policy(lookup.get(Resources.NAMESPACES, "", call.namespace()).labels());
        var template = template(call.resource(), object);
        if (exemptions.runtimeClasses.contains(template.spec().runtimeClassName())) return;
        boolean pod = call.is(Resources.PODS);
        var before = template(call.resource(), old).spec();
        if (pod && old.exists() && Trees.semanticEquals(relevant(template.spec()), relevant(before))) return;
        if (pod) {
            var enforced = Level.of(labels, LABEL + "enforce");
            var violations = violations(enforced, template);
            if (!violations.isEmpty())
                throw ApiException.forbidden(
                        "pods", "", call.name(), "violates PodSecurity \"" + enforced + "\": " + violations);
        }
        var warned = Level.of(labels, LABEL + "warn");
        var violations = violations(warned, template);
        if (!violations.isEmpty()) call.warn().accept("would violate PodSecurity \"" + warned + "\": " + violations);
    }

    /// What an update of a pod may change without being looked at again: everything but its containers.
    private static Map<String, Object> relevant(PodSpec spec) {
        return spec.toBuilder()
                .clearActiveDeadlineSeconds()
                .clearTolerations()
                .clearSchedulingGates()
                .map();
    }

    private static PodTemplateSpec template(String resource, View object) {
        return switch (resource) {
            case "pods" -> PodTemplateSpec.of(object);
            case "podtemplates" -> PodTemplate.of(object).template();
            case "cronjobs" -> CronJob.of(object).spec().jobTemplate().spec().template();
            // All the others have theirs where a ReplicaSet has it.
            default -> ReplicaSet.of(object).spec().template();
        };
    }

    private static String violations(Level level, PodTemplateSpec pod) {
        var parts = new ArrayList<String>();
        for (var violation : SecurityChecks.evaluate(level, pod))
            parts.add(violation.reason() + " (" + violation.detail() + ")");
        return String.join(", ", parts);
    }

    private void namespace(Admission.Attributes call, Namespace namespace, Namespace old, Admission.Lookup lookup) {
        var errors = new FieldErrors();
        for (var mode : List.of("enforce", "audit", "warn")) {
            var key = LABEL + mode;
            var level = namespace.labels().get(key);
            if (level != null && !Level.NAMES.contains(level))
                errors.add(FieldError.invalid(
                        "metadata.labels[" + key + "]", level, "must be one of " + String.join(", ", Level.NAMES)));
            var version = namespace.labels().get(key + "-version");
            if (version != null && !version.equals("latest") && !version.matches("v1\\.(0|[1-9][0-9]{0,4})"))
                errors.add(FieldError.invalid(
                        "metadata.labels[" + key + "-version]", version, "must be \"latest\" or \"v1.x\""));
        }
        // Labels that were wrong before may stay; a change must be right.
        if (!errors.isEmpty() && !namespace.labels().equals(old.labels()))
            throw ApiException.invalid("", "Namespace", namespace.name(), errors);
        if (!old.exists()) return;
        var now = Level.of(policy(namespace.labels()), LABEL + "enforce");
        var before = Level.of(policy(old.labels()), LABEL + "enforce");
        if (now.equals(before) || now.rank() < before.rank() || exemptions.namespaces.contains(namespace.name()))
            return;
        existing(call, now, lookup);
    }

    /// Pods that are there already stay, but whoever tightens the rules is told which would not come again.
    private static void existing(Admission.Attributes call, Level level, Admission.Lookup lookup) {
        var found = new TreeMap<String, String>();
        for (var pod : lookup.list(Resources.PODS, call.name())) {
            var reasons = SecurityChecks.evaluate(level, PodTemplateSpec.of(pod.view())).stream()
                    .map(SecurityChecks.Violation::reason)
                    .collect(Collectors.joining(", "));
            if (!reasons.isEmpty()) found.put(pod.name(), reasons);
        }
        if (found.isEmpty()) return;
        call.warn()
                .accept("existing pods in namespace \"" + call.name()
                        + "\" violate the new PodSecurity enforce level \"" + level + "\"");
        found.forEach((name, reasons) -> call.warn().accept(name + ": " + reasons));
    }
}
