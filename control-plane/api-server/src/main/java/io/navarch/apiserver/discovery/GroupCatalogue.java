package io.navarch.apiserver.discovery;

import io.navarch.apiserver.delegation.RegisteredVersion;
import io.navarch.apiserver.delegation.RegisteredVersion.Elsewhere;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.VersionOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which groups and versions are served, here and elsewhere, in the order in which clients look for resources. Pure.
///
/// @param groups the most important first; of each the preferred version first
record GroupCatalogue(List<Group> groups) {
    /// Nobody can register this one: it says who serves the others.
    private static final String FIRST = "apiregistration.k8s.io";

    private static final int FIRST_PRIORITY = 20_000;
    private static final int BUILT_IN_PRIORITY = 16_000;
    private static final int CUSTOM_PRIORITY = 1000;
    private static final int VERSION_PRIORITY = 100;

    record Group(String name, List<Version> versions) {
        Optional<Version> version(String wanted) {
            return versions.stream().filter(each -> each.name.equals(wanted)).findFirst();
        }

        private int priority() {
            return versions.stream().mapToInt(Version::groupPriority).max().orElse(0);
        }

        /// The first of its APIServices in their order.
        private String firstRegistered() {
            int most = priority();
            return versions.stream()
                    .filter(version -> version.groupPriority == most)
                    .map(version -> version.name + "." + name)
                    .min(Comparator.naturalOrder())
                    .orElse("");
        }
    }

    /// @param kinds that this server has of it
    /// @param elsewhere what another one has of it
    record Version(
            String name,
            int groupPriority,
            int versionPriority,
            List<KindDefinition> kinds,
            Optional<Elsewhere> elsewhere) {
        /// Whether anybody serves it, and not just an APIService says so.
        boolean served() {
            return !kinds.isEmpty() || elsewhere.isPresent();
        }
    }

    static GroupCatalogue of(List<KindDefinition> kinds, List<RegisteredVersion> registered) {
        var local = new LinkedHashMap<String, Map<String, List<KindDefinition>>>();
        for (var kind : kinds) {
            var versions = local.computeIfAbsent(kind.group(), key -> new LinkedHashMap<>());
            for (var version : kind.versions())
                if (version.served())
                    versions.computeIfAbsent(version.name(), key -> new ArrayList<>())
                            .add(kind);
        }
        var known = new HashMap<String, RegisteredVersion>();
        for (var each : registered) {
            known.put(each.group() + "/" + each.version(), each);
            local.computeIfAbsent(each.group(), key -> new LinkedHashMap<>())
                    .computeIfAbsent(each.version(), key -> List.of());
        }
        var groups = new ArrayList<Group>();
        local.forEach((group, versions) -> groups.add(new Group(group, versions(group, versions, known))));
        return new GroupCatalogue(groups);
    }

    private static List<Version> versions(
            String group, Map<String, List<KindDefinition>> local, Map<String, RegisteredVersion> known) {
        var versions = new ArrayList<Version>();
        local.forEach((name, kinds) -> {
            var registered = Optional.ofNullable(known.get(group + "/" + name));
            var elsewhere = registered.flatMap(RegisteredVersion::elsewhere);
            versions.add(new Version(
                    name,
                    registered.map(RegisteredVersion::groupPriority).orElse(priority(group, kinds)),
                    registered.map(RegisteredVersion::versionPriority).orElse(VERSION_PRIORITY),
                    elsewhere.isPresent() ? List.of() : kinds,
                    elsewhere));
        });
        versions.sort(Comparator.comparingInt((Version version) -> -version.versionPriority)
                .thenComparing(Version::name, VersionOrder.NEWEST_FIRST));
        return versions;
    }

    /// The priority of what is served before its APIService is there.
    private static int priority(String group, List<KindDefinition> kinds) {
        if (group.equals(FIRST)) return FIRST_PRIORITY;
        return kinds.stream().allMatch(KindDefinition::custom) ? CUSTOM_PRIORITY : BUILT_IN_PRIORITY;
    }

    /// The groups that have versions which are served, in the order of the document of all of them.
    List<Group> served() {
        return groups.stream()
                .map(group -> new Group(
                        group.name,
                        group.versions.stream().filter(Version::served).toList()))
                .filter(group -> !group.versions.isEmpty())
                .sorted(Comparator.comparingInt((Group group) -> -group.priority())
                        .thenComparing(Group::name))
                .toList();
    }

    /// All groups that have a name, in the order of the list of groups.
    List<Group> named() {
        return groups.stream()
                .filter(group -> !group.name.isEmpty() && !group.versions.isEmpty())
                .sorted(Comparator.comparingInt((Group group) -> -group.priority())
                        .thenComparing(Group::firstRegistered))
                .toList();
    }

    Optional<Group> group(String name) {
        return groups.stream().filter(group -> group.name.equals(name)).findFirst();
    }
}
