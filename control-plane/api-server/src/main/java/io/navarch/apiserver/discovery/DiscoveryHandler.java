package io.navarch.apiserver.discovery;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.delegation.RegisteredVersion;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.MediaType;
import io.navarch.http.HeaderNames;
import io.navarch.model.APIGroup;
import io.navarch.model.APIResource;
import io.navarch.model.APIResourceDiscovery;
import io.navarch.model.APIVersions;
import io.navarch.model.GroupVersionForDiscovery;
import io.navarch.model.GroupVersionKind;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// `/api`, `/apis` and below: which groups, versions and resources are served, group by group or all at once.
///
/// Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
public final class DiscoveryHandler implements Document {
    private static final List<String> WRITING = List.of("create", "patch", "update");
    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private final Resources resources;
    private final OtherServers others;

    public DiscoveryHandler(Resources resources, OtherServers others) {
        this.resources = resources;
        this.others = others;
    }

    private GroupCatalogue groups() {
        return GroupCatalogue.of(resources.all(), others.versions());
    }

    /// Answers when the path is one of discovery's.
    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = Names.withoutSlashes(request.info().path());
        var parts = path.split("/");
        if (path.equals("/api") || path.equals("/apis")) {
            if (wantsAll(request)) respondAggregated(request, path.equals("/api"));
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
        if (parts.length == 3 && parts[1].equals("api")) return resources(request, "", parts[2], groups);
        if (parts.length < 3 || !parts[1].equals("apis") || parts[2].isEmpty()) return false;
        if (parts.length == 4) return resources(request, parts[2], parts[3], groups);
        var group = groups.group(parts[2]).filter(each -> !each.versions().isEmpty());
        if (parts.length > 3 || group.isEmpty()) return false;
        request.response().send(200, group(group.get(), true));
        return true;
    }

    /// Whether the document of all groups is asked for, in the version that there is.
    private static boolean wantsAll(ApiRequest request) {
        var accept = request.call().header(HeaderNames.ACCEPT);
        boolean all = MediaType.entries(accept).stream()
                .map(MediaType.Entry::parameters)
                .anyMatch(each -> each.getOrDefault("as", "").equals("APIGroupDiscoveryList")
                        && each.getOrDefault("g", "").equals("apidiscovery.k8s.io")
                        && each.getOrDefault("v", "").equals("v2"));
        // Who takes nothing but another version is told so.
        if (!all) MediaType.accepted(accept, false, format -> true);
        return all;
    }

    private static boolean resources(ApiRequest request, String group, String version, GroupCatalogue groups)
            throws IOException {
        var found = groups.group(group)
                .flatMap(each -> each.version(version))
                .filter(each -> !each.kinds().isEmpty());
        if (found.isEmpty()) return false;
        var groupVersion = group.isEmpty() ? version : group + "/" + version;
        request.response().send(200, resourceList(groupVersion, found.get().kinds()));
        return true;
    }

    private List<Object> groupList() {
        return groups().named().stream()
                .<Object>map(group -> group(group, false))
                .toList();
    }

    private static Map<String, Object> group(GroupCatalogue.Group group, boolean typed) {
        var list = group.versions().stream()
                .map(version -> GroupVersionForDiscovery.builder()
                        .groupVersion(group.name() + "/" + version.name())
                        .version(version.name())
                        .build())
                .toList();
        var result = APIGroup.builder();
        if (typed) result.kind("APIGroup").apiVersion("v1");
        return result.name(group.name())
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
        for (var group : groups().served()) {
            if (group.name().isEmpty() != core) continue;
            var metadata = core ? Trees.map() : Trees.map("name", group.name());
            items.add(Trees.map(
                    "metadata",
                    metadata,
                    "versions",
                    group.versions().stream().map(DiscoveryHandler::version).toList()));
        }
        var body = Json.write(Trees.map(
                "kind",
                "APIGroupDiscoveryList",
                "apiVersion",
                "apidiscovery.k8s.io/v2",
                "metadata",
                Trees.map(),
                "items",
                items));
        Published.of(body).respond(request, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    }

    private static Map<String, Object> version(GroupCatalogue.Version version) {
        var elsewhere = version.elsewhere();
        List<?> resources = elsewhere.isPresent()
                ? elsewhere.get().resources()
                : version.kinds().stream()
                        .map(kind -> aggregated(kind, version.name()))
                        .toList();
        boolean current = elsewhere.map(RegisteredVersion.Elsewhere::current).orElse(true);
        return Trees.map(
                "version",
                version.name(),
                "resources",
                resources.isEmpty() ? null : resources,
                "freshness",
                current ? "Current" : "Stale");
    }

    private static Map<String, Object> aggregated(KindDefinition kind, String version) {
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
        return result.map();
    }

    /// Built-in kinds leave group and version to where they are listed; custom ones do not.
    private static GroupVersionKind.Builder own(GroupVersionKind.Builder made, KindDefinition kind, String version) {
        return kind.custom()
                ? made.group(kind.group()).version(version)
                : made.group("").version("");
    }
}
