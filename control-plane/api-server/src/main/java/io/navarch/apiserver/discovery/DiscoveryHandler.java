package io.navarch.apiserver.discovery;

import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.HeaderNames;
import io.navarch.model.APIGroup;
import io.navarch.model.APIGroupDiscovery;
import io.navarch.model.APIResource;
import io.navarch.model.APIResourceDiscovery;
import io.navarch.model.APIVersions;
import io.navarch.model.GroupVersionForDiscovery;
import io.navarch.model.GroupVersionKind;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.process.Sha256;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.VersionOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api`, `/apis` and below: which groups, versions and resources are served, group by group or all at once.
///
/// Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
public final class DiscoveryHandler implements Document {
    private static final List<String> WRITING = List.of("create", "patch", "update");
    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private final Resources resources;

    public DiscoveryHandler(Resources resources) {
        this.resources = resources;
    }

    /// Group → version → kinds, the preferred version first.
    private Map<String, Map<String, List<KindDefinition>>> groups() {
        var result = new LinkedHashMap<String, Map<String, List<KindDefinition>>>();
        for (var kind : resources.all()) {
            var versions = result.computeIfAbsent(kind.group(), key -> new LinkedHashMap<>());
            for (var version : kind.versions()) {
                if (version.served())
                    versions.computeIfAbsent(version.name(), key -> new ArrayList<>())
                            .add(kind);
            }
        }
        result.replaceAll((group, versions) -> {
            var sorted = new ArrayList<>(versions.entrySet());
            sorted.sort(Map.Entry.comparingByKey(VersionOrder.NEWEST_FIRST));
            var ordered = new LinkedHashMap<String, List<KindDefinition>>();
            sorted.forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
            return ordered;
        });
        return result;
    }

    /// Answers when the path is one of discovery's.
    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = Names.withoutSlashes(request.info().path());
        var parts = path.split("/");
        boolean aggregated = request.call().header(HeaderNames.ACCEPT).contains("as=APIGroupDiscoveryList");
        if (path.equals("/api") || path.equals("/apis")) {
            if (aggregated) respondAggregated(request, path.equals("/api"));
            else if (path.equals("/api"))
                request.response()
                        .send(
                                200,
                                APIVersions.builder()
                                        .kind("APIVersions")
                                        .versions(List.of("v1"))
                                        .addServerAddressByClientCIDRs(address -> address.clientCIDR("0.0.0.0/0")
                                                .serverAddress(request.call().header(HeaderNames.HOST)))
                                        .map());
            else
                request.response()
                        .send(200, Trees.map("kind", "APIGroupList", "apiVersion", "v1", "groups", groupList()));
            return true;
        }
        var groups = groups();
        var core = groups.getOrDefault("", Map.of()).get(parts[parts.length - 1]);
        if (parts.length == 3 && parts[1].equals("api") && core != null) {
            request.response().send(200, resourceList("v1", core));
            return true;
        }
        if (parts.length < 3 || !parts[1].equals("apis") || !groups.containsKey(parts[2]) || parts[2].isEmpty())
            return false;
        if (parts.length == 3) {
            request.response().send(200, group(parts[2], groups.get(parts[2]), true));
            return true;
        }
        var kinds = groups.get(parts[2]).get(parts[3]);
        if (parts.length != 4 || kinds == null) return false;
        request.response().send(200, resourceList(parts[2] + "/" + parts[3], kinds));
        return true;
    }

    private List<Object> groupList() {
        var result = new ArrayList<Object>();
        groups().forEach((group, versions) -> {
            if (!group.isEmpty()) result.add(group(group, versions, false));
        });
        return result;
    }

    private static Map<String, Object> group(String group, Map<String, List<KindDefinition>> versions, boolean typed) {
        var list = versions.keySet().stream()
                .map(version -> GroupVersionForDiscovery.builder()
                        .groupVersion(group + "/" + version)
                        .version(version)
                        .build())
                .toList();
        var result = APIGroup.builder();
        if (typed) result.kind("APIGroup").apiVersion("v1");
        return result.name(group)
                .versions(list)
                .preferredVersion(list.getFirst())
                .map();
    }

    /// A kind that is going is not offered for writing any more.
    private static List<String> verbs(KindDefinition kind) {
        return kind.ending()
                ? kind.verbs().stream().filter(verb -> !WRITING.contains(verb)).toList()
                : kind.verbs();
    }

    private record Sub(String name, String kind, String group, String version, List<String> verbs) {}

    private static List<Sub> subresources(KindDefinition kind) {
        var result = new ArrayList<Sub>();
        for (var connect : kind.connects()) {
            result.add(new Sub(connect.name(), connect.kind(), connect.group(), connect.version(), connect.verbs()));
        }
        if (kind.scale().isPresent()) result.add(new Sub("scale", "Scale", "autoscaling", "v1", STATUS_VERBS));
        for (var part : kind.parts().keySet()) result.add(new Sub(part, kind.kind(), "", "", STATUS_VERBS));
        if (kind.hasStatus()) result.add(new Sub("status", kind.kind(), "", "", STATUS_VERBS));
        result.sort(Comparator.comparing(Sub::name));
        return result;
    }

    private static Map<String, Object> resourceList(String groupVersion, List<KindDefinition> kinds) {
        var list = new ArrayList<Object>();
        for (var kind : kinds) {
            list.add(resource(kind));
            for (var sub : subresources(kind)) list.add(resource(kind, sub));
        }
        // The oldest list has no version of its own.
        var version = groupVersion.equals("v1") ? null : "v1";
        return Trees.map(
                "kind", "APIResourceList", "apiVersion", version, "groupVersion", groupVersion, "resources", list);
    }

    private static Map<String, Object> resource(KindDefinition kind) {
        var result = APIResource.builder()
                .name(kind.plural())
                .singularName(kind.singular())
                .namespaced(kind.namespaced())
                .kind(kind.kind())
                .verbs(verbs(kind));
        if (!kind.shortNames().isEmpty()) result.shortNames(kind.shortNames());
        if (!kind.categories().isEmpty()) result.categories(kind.categories());
        if (kind.listable() && !kind.computed()) result.storageVersionHash(hash(kind));
        return result.map();
    }

    private static Map<String, Object> resource(KindDefinition kind, Sub sub) {
        var result = APIResource.builder()
                .name(kind.plural() + "/" + sub.name)
                .singularName("")
                .namespaced(kind.namespaced());
        if (!sub.group.isEmpty()) result.group(sub.group);
        if (!sub.version.isEmpty()) result.version(sub.version);
        return result.kind(sub.kind).verbs(sub.verbs).map();
    }

    private static String hash(KindDefinition kind) {
        var text = kind.group() + "/" + kind.storage().name() + "/" + kind.kind();
        var digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    }

    private void respondAggregated(ApiRequest request, boolean core) throws IOException {
        var items = new ArrayList<Object>();
        groups().forEach((group, versions) -> {
            if (group.isEmpty() != core) return;
            var item = APIGroupDiscovery.builder().metadata(metadata -> {
                if (!group.isEmpty()) metadata.name(group);
            });
            item.versions(List.of());
            versions.forEach((version, kinds) -> item.addVersions(made -> made.version(version)
                    .resources(kinds.stream()
                            .map(kind -> aggregated(kind, version))
                            .toList())
                    .freshness("Current")));
            items.add(item.map());
        });
        var accept = request.call().header(HeaderNames.ACCEPT);
        boolean stable = accept.contains("v=v2;") || accept.contains("v=v2,") || !accept.contains("v=v2beta1");
        var version = stable ? "v2" : "v2beta1";
        var body = Json.write(Trees.map(
                "kind",
                "APIGroupDiscoveryList",
                "apiVersion",
                "apidiscovery.k8s.io/" + version,
                "metadata",
                Trees.map(),
                "items",
                items));
        KeptDocuments.Kept.of(body)
                .respond(request, "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList");
    }

    private static APIResourceDiscovery aggregated(KindDefinition kind, String version) {
        var result = APIResourceDiscovery.builder()
                .resource(kind.plural())
                .responseKind(made -> own(made, kind, version).kind(kind.kind()))
                .scope(kind.namespaced() ? "Namespaced" : "Cluster")
                .singularResource(kind.singular())
                .verbs(verbs(kind));
        if (!kind.shortNames().isEmpty()) result.shortNames(kind.shortNames());
        if (!kind.categories().isEmpty()) result.categories(kind.categories());
        for (var sub : subresources(kind)) {
            result.addSubresources(made -> made.subresource(sub.name)
                    .responseKind(answer -> (sub.version.isEmpty()
                                    ? own(answer, kind, version)
                                    : answer.group(sub.group).version(sub.version))
                            .kind(sub.kind))
                    .verbs(sub.verbs));
        }
        return result.build();
    }

    /// Built-in kinds leave group and version to where they are listed; custom ones do not.
    private static GroupVersionKind.Builder own(GroupVersionKind.Builder made, KindDefinition kind, String version) {
        return kind.custom()
                ? made.group(kind.group()).version(version)
                : made.group("").version("");
    }
}
