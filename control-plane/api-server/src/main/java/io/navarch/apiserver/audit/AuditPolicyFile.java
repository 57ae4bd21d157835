package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.AuditLevel;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads an audit policy, and says what is wrong with it by the field. A field that nobody knows is refused: what it
/// was to keep out of the log would be in it.
public final class AuditPolicyFile {
    private static final String OMIT_STAGES = "omitStages";
    private static final String OMIT_MANAGED_FIELDS = "omitManagedFields";
    private static final String RULES = "rules";
    private static final String LEVEL = "level";
    private static final String USERS = "users";
    private static final String USER_GROUPS = "userGroups";
    private static final String VERBS = "verbs";
    private static final String RESOURCES = "resources";
    private static final String NAMESPACES = "namespaces";
    private static final String PATHS = "nonResourceURLs";
    private static final String GROUP = "group";
    private static final String RESOURCE_NAMES = "resourceNames";
    private static final ConfigurationFields FILE = ConfigurationFields.texts("apiVersion", "kind")
            .objects("metadata")
            .flags(OMIT_MANAGED_FIELDS)
            .listsOfTexts(OMIT_STAGES)
            .listsOfObjects(RULES);
    private static final ConfigurationFields RULE = ConfigurationFields.texts(LEVEL)
            .flags(OMIT_MANAGED_FIELDS)
            .listsOfTexts(USERS, USER_GROUPS, VERBS, NAMESPACES, PATHS, OMIT_STAGES)
            .listsOfObjects(RESOURCES);
    private static final ConfigurationFields GROUP_RESOURCES =
            ConfigurationFields.texts(GROUP).listsOfTexts(RESOURCES, RESOURCE_NAMES);
    private static final String STAGES =
            Stream.of(AuditStage.values()).map(AuditStage::text).collect(Collectors.joining(","));

    private final ConfigurationReader reader = new ConfigurationReader();

    private AuditPolicyFile() {}

    /// @throws ConfigurationException naming all that is wrong
    public static AuditPolicy read(String text) {
        return new AuditPolicyFile().policy(text);
    }

    private AuditPolicy policy(String text) {
        var file = reader.read(text, "Policy", "audit.k8s.io", List.of("v1"), FILE);
        var omitted = stages(file.get(OMIT_STAGES), OMIT_STAGES);
        boolean managed = !file.get(OMIT_MANAGED_FIELDS).bool();
        var listed = file.get(RULES).views();
        var rules = new ArrayList<AuditPolicy.Rule>();
        for (int i = 0; i < listed.size(); i++) rules.add(rule(listed.get(i), RULES + "[" + i + "]", omitted, managed));
        reader.check();
        if (rules.isEmpty()) throw new ConfigurationException("loaded illegal policy with 0 rules");
        return new AuditPolicy(List.copyOf(rules));
    }

    private AuditPolicy.Rule rule(View rule, String at, Set<AuditStage> omitted, boolean managed) {
        reader.expect(rule, at, RULE);
        var level = level(rule.get(LEVEL).string(), at + "." + LEVEL);
        var paths = paths(rule.get(PATHS).strings(), at + "." + PATHS);
        var resources = rule.get(RESOURCES).views().stream()
                .map(each -> resources(each, at + "." + RESOURCES))
                .toList();
        var namespaces = Set.copyOf(rule.get(NAMESPACES).strings());
        if (!paths.isEmpty() && !(resources.isEmpty() && namespaces.isEmpty()))
            reader.wrong(FieldError.invalid(
                    at + "." + PATHS, paths, "rules cannot apply to both regular resources and non-resource URLs"));
        var all = new HashSet<>(omitted);
        all.addAll(stages(rule.get(OMIT_STAGES), at + "." + OMIT_STAGES));
        boolean own = rule.get(OMIT_MANAGED_FIELDS).exists();
        return new AuditPolicy.Rule(
                new AuditPolicy.Decision(
                        level,
                        Set.copyOf(all),
                        own ? !rule.get(OMIT_MANAGED_FIELDS).bool() : managed),
                Set.copyOf(rule.get(USERS).strings()),
                Set.copyOf(rule.get(USER_GROUPS).strings()),
                Set.copyOf(rule.get(VERBS).strings()),
                resources,
                namespaces,
                paths);
    }

    private AuditLevel level(String text, String at) {
        for (var level : AuditLevel.values()) if (level.text().equals(text)) return level;
        if (text.isEmpty()) reader.wrong(FieldError.required(at));
        else
            reader.wrong(FieldError.notSupported(
                    at,
                    text,
                    Stream.of(AuditLevel.values()).map(AuditLevel::text).toList()));
        return AuditLevel.NONE;
    }

    private List<String> paths(List<String> paths, String at) {
        for (int i = 0; i < paths.size(); i++) {
            var path = paths.get(i);
            if (path.equals("*")) continue;
            var own = at + "[" + i + "]";
            if (!path.startsWith("/"))
                reader.wrong(FieldError.invalid(own, path, "non-resource URL rules must begin with a '/' character"));
            if (!path.isEmpty() && path.substring(0, path.length() - 1).contains("*"))
                reader.wrong(FieldError.invalid(
                        own, path, "non-resource URL wildcards '*' must be the final character of the rule"));
        }
        return paths;
    }

    private AuditPolicy.GroupResources resources(View listed, String at) {
        reader.expect(listed, at, GROUP_RESOURCES);
        var group = listed.get(GROUP).string();
        var names = listed.get(RESOURCE_NAMES).strings();
        var resources = listed.get(RESOURCES).strings();
        var problems = group.isEmpty() || group.equals("*") ? List.<String>of() : Names.dnsSubdomain(group);
        if (!problems.isEmpty()) reader.wrong(FieldError.invalid(at + "." + GROUP, group, String.join(",", problems)));
        if (!names.isEmpty() && resources.isEmpty())
            reader.wrong(FieldError.invalid(
                    at + "." + RESOURCE_NAMES, names, "using resourceNames requires at least one resource"));
        return new AuditPolicy.GroupResources(group, resources, names);
    }

    private Set<AuditStage> stages(View listed, String at) {
        var stages = EnumSet.noneOf(AuditStage.class);
        var texts = listed.strings();
        for (int i = 0; i < texts.size(); i++) {
            var stage = AuditStage.of(texts.get(i));
            if (stage.isEmpty())
                reader.wrong(FieldError.invalid(at + "[" + i + "]", texts.get(i), "allowed stages are " + STAGES));
            stage.ifPresent(stages::add);
        }
        return stages;
    }
}
