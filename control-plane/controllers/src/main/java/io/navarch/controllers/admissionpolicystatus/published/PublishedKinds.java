package io.navarch.controllers.admissionpolicystatus.published;

import io.navarch.client.Client;
import io.navarch.controllers.admissionpolicystatus.ValidatingAdmissionPolicyStatusController.Seen;
import io.navarch.kinds.validatingadmissionpolicy.PolicyTypeCheck.PublishedKind;
import io.navarch.model.APIGroup;
import io.navarch.model.APIResource;
import io.navarch.model.NamedRuleWithOperations;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.reconcile.ReadStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the kinds that a policy is meant for in the server's discovery, and reads how they are described.
public record PublishedKinds(Client client) implements ReadStep<Seen> {
    @Override
    public Seen read(Seen seen, Instant now) {
        return new Look(client).at(seen);
    }

    /// A kind in one version of its group.
    private record Named(String group, String version, String kind) {
        String groupVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }

    /// One look at one policy: each document is read once.
    private static final class Look {
        /// Each rule gives so many kinds; the one that reaches this is the last that is looked at.
        private static final int MOST_KINDS = 10;

        private final Client client;
        private final List<String> versions = new ArrayList<>();
        private final Map<String, List<APIResource>> resources = new HashMap<>();
        private final Map<String, View> documents = new HashMap<>();

        Look(Client client) {
            this.client = client;
        }

        Seen at(Seen seen) {
            versions.add("v1");
            for (var group : answer("/apis").get("groups").views())
                for (var version : APIGroup.of(group).versions()) versions.add(version.groupVersion());
            var kinds = kinds(seen.policy().spec().matchConstraints().resourceRules()).stream()
                    .sorted(Comparator.comparing(Named::group)
                            .thenComparing(Named::version)
                            .thenComparing(Named::kind))
                    .map(this::published)
                    .toList();
            var parameters = seen.policy().spec().paramKind();
            return new Seen(
                    seen.policy(),
                    kinds,
                    parameters.exists()
                            ? Optional.of(new PublishedKind(
                                    parameters.apiVersion(), parameters.kind(), document(parameters.apiVersion())))
                            : Optional.empty());
        }

        private Set<Named> kinds(List<NamedRuleWithOperations> rules) {
            var kinds = new LinkedHashSet<Named>();
            for (var rule : rules) {
                int count = 0;
                if (anything(rule.apiGroups()) || anything(rule.apiVersions())) continue;
                for (var group : sorted(rule.apiGroups()))
                    for (var version : sorted(rule.apiVersions()))
                        for (var resource : sorted(rule.resources()))
                            for (var kind : kinds(group, version, resource)) {
                                kinds.add(kind);
                                if (++count == MOST_KINDS) return kinds;
                            }
            }
            return kinds;
        }

        private static boolean anything(List<String> names) {
            return names.stream().anyMatch(name -> name.contains("*"));
        }

        private static List<String> sorted(List<String> names) {
            return names.stream().sorted().distinct().toList();
        }

        /// The core group stands for all: a resource that is named without a group may be anybody's.
        private List<Named> kinds(String group, String version, String resource) {
            var kinds = new ArrayList<Named>();
            // Those of all resources, and those of subresources, have no one kind.
            if (resource.contains("*") || resource.contains("/")) return kinds;
            var name = resource.toLowerCase(Locale.ROOT);
            for (var served : versions) {
                int slash = served.indexOf('/');
                var servedGroup = served.substring(0, Math.max(0, slash));
                if (!served.substring(slash + 1).equals(version)) continue;
                if (!group.isEmpty() && !group.equals(servedGroup)) continue;
                resources(served).stream()
                        .filter(each ->
                                each.name().equals(name) || each.singularName().equals(name))
                        .findFirst()
                        .ifPresent(each -> kinds.add(new Named(servedGroup, version, each.kind())));
            }
            return kinds;
        }

        private List<APIResource> resources(String version) {
            return resources.computeIfAbsent(
                    version,
                    _ -> answer(path(version)).get("resources").stream()
                            .map(APIResource::of)
                            .filter(each -> !each.name().contains("/"))
                            .toList());
        }

        private static String path(String version) {
            return (version.contains("/") ? "/apis/" : "/api/") + version;
        }

        private PublishedKind published(Named kind) {
            return new PublishedKind(kind.groupVersion(), kind.kind(), document(kind.groupVersion()));
        }

        private View document(String version) {
            return documents.computeIfAbsent(version, _ -> answer("/openapi/v3" + path(version)));
        }

        /// What cannot be read now has no kinds: a check is only a help, and others must not wait for it.
        private View answer(String path) {
            try {
                return client.get(path);
            } catch (ApiException e) {
                return View.ABSENT;
            }
        }
    }
}
