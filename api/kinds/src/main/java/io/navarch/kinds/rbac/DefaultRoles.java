package io.navarch.kinds.rbac;

import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.Role;
import io.navarch.model.SubjectKind;
import io.navarch.objects.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The roles and bindings that a cluster begins with, as `default-roles.txt` lists them.
public final class DefaultRoles {
    private static final String RBAC = Resources.CLUSTER_ROLES.group();
    private static final String AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "delete", "deletecollection", "patch", "update");

    private final List<Map<String, Object>> objects = new ArrayList<>();
    private @Nullable Entry entry;

    private DefaultRoles() {}

    /// ClusterRoles and ClusterRoleBindings, ready to be created.
    public static List<Map<String, Object>> all() {
        var roles = new DefaultRoles();
        for (var line : lines()) {
            if (!line.isBlank() && !line.strip().startsWith("#")) roles.read(line.strip());
        }
        roles.finish();
        return roles.objects;
    }

    /// One of the roles, as it is in a new cluster.
    public static Role role(String name) {
        return all().stream()
                .map(object -> Role.of(View.of(object)))
                .filter(role -> role.name().equals(name) && role.kind().equals(Resources.CLUSTER_ROLES.kind()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines() {
        try (var stream = DefaultRoles.class.getResourceAsStream("default-roles.txt")) {
            if (stream == null) throw new IllegalStateException("the build lacks the default roles");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String line) {
        if (line.startsWith("role ")) {
            finish();
            entry = new Entry(line.substring("role ".length()));
        } else if (entry == null) {
            throw new IllegalStateException("outside of a role: " + line);
        } else {
            entry.add(line.split("\\s+"));
        }
    }

    private void finish() {
        if (entry != null) objects.addAll(entry.objects());
    }

    /// What stands of one role.
    private static final class Entry {
        private final String name;
        private final Map<String, Object> labels = new LinkedHashMap<>();
        private final ClusterRole.Builder role = ClusterRole.builder();
        private final ClusterRoleBinding.Builder binding = ClusterRoleBinding.builder();
        private boolean bound;

        Entry(String name) {
            this.name = name;
        }

        void add(String[] words) {
            switch (words[0]) {
                case "part" -> labels.put(AGGREGATE_TO + words[2], "true");
                case "sum" ->
                    role.aggregationRule(sum -> sum.addClusterRoleSelectors(
                            selector -> selector.putMatchLabels(AGGREGATE_TO + words[2], "true")));
                case "for" -> bind(words);
                default -> role.addRules(rule(words));
            }
        }

        private void bind(String[] words) {
            bound = true;
            switch (words[1]) {
                case "nobody" -> {}
                case "account" -> {
                    int slash = words[2].indexOf('/');
                    binding.addSubjects(subject -> subject.kind(SubjectKind.SERVICE_ACCOUNT)
                            .name(words[2].substring(slash + 1))
                            .namespace(words[2].substring(0, slash)));
                }
                default ->
                    binding.addSubjects(
                            subject -> subject.kind(words[1].equals("group") ? SubjectKind.GROUP : SubjectKind.USER)
                                    .apiGroup(RBAC)
                                    .name(words[2]));
            }
        }

        List<Map<String, Object>> objects() {
            var kind = Resources.CLUSTER_ROLES.kind();
            var made = object(kind, name, labels, role.map());
            if (!bound) return List.of(made);
            binding.roleRef(reference -> reference.apiGroup(RBAC).kind(kind).name(name));
            return List.of(made, object(Resources.CLUSTER_ROLE_BINDINGS.kind(), name, Map.of(), binding.map()));
        }
    }

    private static PolicyRule rule(String[] words) {
        var rule = PolicyRule.builder().verbs(verbs(words[0]));
        if (words[1].equals("url")) return rule.nonResourceURLs(list(words[2])).build();
        rule.apiGroups(list(words[1]).stream()
                        .map(group -> group.equals("core") ? "" : group)
                        .toList())
                .resources(list(words[2]));
        if (words.length > 3) rule.resourceNames(list(words[3]));
        return rule.build();
    }

    private static List<String> verbs(String word) {
        return switch (word) {
            case "read" -> READ;
            case "write" -> WRITE;
            case "all" -> {
                var all = new TreeSet<>(READ);
                all.addAll(WRITE);
                yield List.copyOf(all);
            }
            default -> list(word);
        };
    }

    private static List<String> list(String word) {
        return Arrays.asList(word.split(","));
    }

    /// A role or binding that every cluster begins with, and that is completed at every start.
    public static Map<String, Object> object(
            String kind, String name, Map<String, Object> labels, Map<String, Object> body) {
        var object = ClusterRole.builder()
                .apiVersion(Resources.CLUSTER_ROLES.apiVersion())
                .kind(kind)
                .metadata(metadata -> {
                    metadata.name(name).putAnnotations("rbac.authorization.kubernetes.io/autoupdate", "true");
                    labels.forEach((key, value) -> metadata.putLabels(key, String.valueOf(value)));
                    metadata.putLabels("kubernetes.io/bootstrapping", "rbac-defaults");
                })
                .map();
        object.putAll(body);
        return object;
    }
}
