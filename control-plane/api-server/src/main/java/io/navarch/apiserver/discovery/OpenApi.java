package io.navarch.apiserver.discovery;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.MediaType;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `/openapi/v2` and `/openapi/v3`: made when first asked for, kept until the set of kinds changes.
public final class OpenApi implements Document {
    private static final List<String> PROTOBUF = List.of(
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

    private static final String TWO = "/openapi/v2";
    private static final String THREE = "/openapi/v3";

    private final Resources resources;
    private final TypeNames names;
    private final Swagger json;
    private final Swagger protobuf;
    private final KeptDocuments documents = new KeptDocuments();
    private final OtherServers others;

    public OpenApi(Resources resources, TypeNames names, OtherServers others) {
        this.resources = resources;
        this.names = names;
        json = new Swagger(names, Swagger.JSON);
        protobuf = new Swagger(names, Swagger.PROTOBUF);
        this.others = others;
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = Names.withoutSlashes(request.info().path());
        if (!path.startsWith("/openapi/v")) return false;
        if (path.equals(TWO)) {
            version2(request);
            return true;
        }
        var roots = roots();
        if (path.equals(THREE)) {
            index(roots).respond(request, ContentTypes.JSON);
            return true;
        }
        var root = path.startsWith(THREE + "/") ? path.substring(THREE.length() + 1) : "";
        var kinds = roots.get(root);
        if (kinds == null) return !root.isEmpty() && others.serveOpenApi(request, root);
        version3(root, kinds).respond(request, ContentTypes.JSON);
        return true;
    }

    private void version2(ApiRequest request) throws IOException {
        var wanted = protobuf(request.call().header(HeaderNames.ACCEPT));
        var served = roots().values().stream().flatMap(List::stream).toList();
        var document = (wanted.isEmpty() ? json : protobuf).of(served, others);
        document.respond(request, wanted.orElse(ContentTypes.JSON));
    }

    /// The media type of the protobuf form, when a client prefers that to JSON. Newer clients avoid the `@`.
    private static Optional<String> protobuf(String accept) {
        for (var entry : MediaType.entries(accept)) {
            // Clients that ask with an `@` cannot parse it in an answer.
            if (PROTOBUF.contains(entry.type())) return Optional.of(PROTOBUF.getLast());
            if (entry.type().equals(ContentTypes.JSON)) break;
        }
        return Optional.empty();
    }

    private Published index(Map<String, List<ServedVersion>> roots) {
        var paths = new TreeMap<String, Object>();
        roots.forEach((root, kinds) -> paths.put(
                root,
                Trees.map(
                        "serverRelativeURL",
                        THREE + "/" + root + "?hash=" + version3(root, kinds).hash())));
        others.openApi3().forEach((root, url) -> paths.putIfAbsent(root, Trees.map("serverRelativeURL", url)));
        documents.retain(roots.keySet());
        return Published.of(Json.write(Trees.map("paths", paths)));
    }

    private Map<String, List<ServedVersion>> roots() {
        var result = new TreeMap<String, List<ServedVersion>>();
        var elsewhere = others.versions().stream()
                .filter(each -> each.elsewhere().isPresent())
                .map(each -> "apis/" + each.group() + "/" + each.version())
                .collect(Collectors.toSet());
        for (var kind : resources.all()) {
            for (var version : kind.versions()) {
                if (!version.served()) continue;
                var served = new ServedVersion(kind, version);
                if (elsewhere.contains(served.root())) continue;
                result.computeIfAbsent(served.root(), key -> new ArrayList<>()).add(served);
            }
        }
        return result;
    }

    private Published version3(String root, List<ServedVersion> endpoints) {
        var about = endpoints.stream().map(ServedVersion::kind).toList();
        return documents.of(root, about, () -> {
            var writer = new SchemaWriter(names, "#/components/schemas/");
            var paths = new TreeMap<String, Object>();
            for (var endpoint : endpoints) ResourcePaths.describe(endpoint, writer, paths);
            var document = ResourcePaths.head("openapi", "3.0.0");
            document.put("paths", paths);
            document.put("components", Trees.map("schemas", writer.schemas()));
            return Json.write(document);
        });
    }
}
