package io.navarch.apiserver.access;

import io.navarch.objects.GoText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether somebody's rules allow all that other rules do: these are taken apart into rules of one verb on one
/// thing, and each of those must be covered by a single rule.
final class RuleCoverage {
    private RuleCoverage() {}

    /// The small rules that are not covered.
    static List<PolicyRule> missing(List<PolicyRule> owned, List<PolicyRule> wanted) {
        return wanted.stream()
                .flatMap(rule -> parts(rule).stream())
                .filter(part -> owned.stream().noneMatch(rule -> covers(rule, part)))
                .toList();
    }

    private static List<PolicyRule> parts(PolicyRule rule) {
        var result = new ArrayList<PolicyRule>();
        for (var group : rule.groups())
            for (var resource : rule.resources())
                for (var verb : rule.verbs()) {
                    if (rule.names().isEmpty()) result.add(part(verb, group, resource, List.of()));
                    for (var name : rule.names()) result.add(part(verb, group, resource, List.of(name)));
                }
        for (var url : rule.urls())
            for (var verb : rule.verbs())
                result.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
        return result;
    }

    private static PolicyRule part(String verb, String group, String resource, List<String> names) {
        return new PolicyRule(List.of(verb), List.of(group), List.of(resource), names, List.of());
    }

    private static boolean covers(PolicyRule owned, PolicyRule part) {
        boolean names = owned.names().isEmpty()
                || !part.names().isEmpty() && owned.names().containsAll(part.names());
        return names
                && part.verbs().stream().allMatch(verb -> PolicyRule.covers(owned.verbs(), verb))
                && part.groups().stream().allMatch(group -> PolicyRule.covers(owned.groups(), group))
                && part.resources().stream().allMatch(resource -> coversResource(owned, resource))
                && part.urls().stream()
                        .allMatch(url -> owned.urls().stream().anyMatch(own -> PolicyRule.matches(own, url)));
    }

    private static boolean coversResource(PolicyRule owned, String resource) {
        if (PolicyRule.covers(owned.resources(), resource)) return true;
        int slash = resource.indexOf('/');
        return slash >= 0 && owned.resources().contains("*" + resource.substring(slash));
    }

    /// The rules in text, those of one resource together, in order.
    static List<String> described(List<PolicyRule> parts) {
        var verbs = new LinkedHashMap<PolicyRule, List<String>>();
        for (var part : parts) {
            boolean resource = part.urls().isEmpty();
            var thing = new PolicyRule(
                    resource ? List.of() : part.verbs(), part.groups(), part.resources(), part.names(), part.urls());
            verbs.computeIfAbsent(thing, each -> new ArrayList<>()).addAll(part.verbs());
        }
        var result = new TreeSet<String>();
        verbs.forEach((thing, all) -> result.add(described(thing, all)));
        return List.copyOf(result);
    }

    private static String described(PolicyRule rule, List<String> verbs) {
        var parts = new ArrayList<String>();
        add(parts, "APIGroups", rule.groups());
        add(parts, "Resources", rule.resources());
        add(parts, "NonResourceURLs", rule.urls());
        add(parts, "ResourceNames", rule.names());
        add(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String name, List<String> texts) {
        if (!texts.isEmpty()) parts.add(name + ":" + quoted(texts));
    }

    static String quoted(List<String> texts) {
        return texts.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    }
}
