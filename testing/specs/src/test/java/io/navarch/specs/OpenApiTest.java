package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The published schemas: names as clients know them, made once, and not sent to who has them.
class OpenApiTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static View json(String path) {
        return View.of(Json.parse(plane.http("GET", path, null).body()));
    }

    @Test
    void typesHaveTheirPublishedNames() {
        var names = json("/openapi/v2").get("definitions").map().keySet();
        assertThat(names)
                .contains(
                        "io.k8s.api.core.v1.Pod",
                        "io.k8s.api.core.v1.Container",
                        "io.k8s.api.apps.v1.DeploymentSpec",
                        "io.k8s.api.autoscaling.v2.MetricSpec",
                        "io.k8s.api.rbac.v1.Subject",
                        "io.k8s.api.resource.v1.ResourceClaim",
                        "io.k8s.api.events.v1.Event",
                        "io.k8s.api.core.v1.Event",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
                        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
                        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService");
        assertThat(names).noneMatch(name -> name.startsWith("io.k8s.V"));
    }

    @Test
    void mergeKeysListTypesAndDefaultsAreSaid() {
        var pod = json("/openapi/v3/api/v1").get("components", "schemas").get("io.k8s.api.core.v1.PodSpec");
        var containers = pod.get("properties", "containers");
        assertThat(containers.get("x-kubernetes-patch-merge-key").string()).isEqualTo("name");
        assertThat(containers.get("x-kubernetes-list-type").string()).isEqualTo("map");
        assertThat(pod.get("required").strings()).contains("containers");
    }

    @Test
    void whoHasADocumentIsNotSentItAgain() {
        var first = plane.http("GET", "/openapi/v2", null);
        var tag = first.headers().firstValue("etag").orElseThrow();
        var again = plane.http("GET", "/openapi/v2", null, "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        var url = json("/openapi/v3")
                .get("paths")
                .get("apis/apps/v1")
                .get("serverRelativeURL")
                .string();
        assertThat(url).startsWith("/openapi/v3/apis/apps/v1?hash=");
        assertThat(plane.http("GET", url, null)
                        .headers()
                        .firstValue("cache-control")
                        .orElse(""))
                .contains("immutable");
    }

    @Test
    void oldClientsReadProtobuf() {
        var type = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        var answer = plane.http("GET", "/openapi/v2", null, "Accept", type);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
        assertThat(answer.body()).startsWith((byte) 0x0a, (byte) 3, (byte) '2', (byte) '.', (byte) '0');
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).contains("io.k8s.api.core.v1.Pod");
    }

    private static View operation(String document, String path, String method) {
        return json("/openapi/v3/" + document)
                .get("paths")
                .get("/" + document + path)
                .get(method);
    }

    private static List<String> parameters(View of) {
        return of.get("parameters").views().stream()
                .map(each -> each.get("name").string() + " "
                        + each.get("schema", "type").string())
                .toList();
    }

    private static Set<String> schemas(View answer) {
        return answer.get("content").map().values().stream()
                .map(each -> View.of(each).get("schema", "$ref").string())
                .collect(Collectors.toSet());
    }

    /// As kube-apiserver says it.
    @Test
    void listsAreToldWithTheirParametersAndSchemas() {
        var list = operation("apis/apps/v1", "/namespaces/{namespace}/deployments", "get");
        assertThat(list.get("operationId").string()).isEqualTo("listAppsV1NamespacedDeployment");
        assertThat(parameters(list))
                .containsExactly(
                        "allowWatchBookmarks boolean",
                        "continue string",
                        "fieldSelector string",
                        "labelSelector string",
                        "limit integer",
                        "resourceVersion string",
                        "resourceVersionMatch string",
                        "sendInitialEvents boolean",
                        "shardSelector string",
                        "timeoutSeconds integer",
                        "watch boolean");
        assertThat(list.get("responses").get("401").get("description").string()).isEqualTo("Unauthorized");
        assertThat(list.get("responses").get("200").get("content").map())
                .containsOnlyKeys(
                        "application/json",
                        "application/json;stream=watch",
                        "application/vnd.kubernetes.protobuf",
                        "application/vnd.kubernetes.protobuf;stream=watch",
                        "application/yaml");
        assertThat(schemas(list.get("responses").get("200")))
                .containsExactly("#/components/schemas/io.k8s.api.apps.v1.DeploymentList");
        var schemas = json("/openapi/v3/apis/apps/v1").get("components", "schemas");
        var published = schemas.get("io.k8s.api.apps.v1.DeploymentList");
        assertThat(Json.writeString(
                        published.get("properties", "items", "items").value()))
                .isEqualTo(
                        "{\"default\":{},\"allOf\":[{\"$ref\":\"#/components/schemas/io.k8s.api.apps.v1.Deployment\"}]}");
        assertThat(published
                        .get("x-kubernetes-group-version-kind")
                        .views()
                        .getFirst()
                        .get("kind")
                        .string())
                .isEqualTo("DeploymentList");
        assertThat(schemas.map())
                .containsKeys(
                        "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.Status");
    }

    @Test
    void everyReferenceOfADocumentIsInIt() {
        for (var document : List.of("api/v1", "apis/apps/v1", "apis/batch/v1", "apis/authentication.k8s.io/v1")) {
            var written = Json.writeString(json("/openapi/v3/" + document).value());
            var known = json("/openapi/v3/" + document)
                    .get("components", "schemas")
                    .map()
                    .keySet();
            var referred = Pattern.compile("\"\\$ref\":\"#/components/schemas/([^\"]+)\"")
                    .matcher(written)
                    .results()
                    .map(each -> each.group(1))
                    .collect(Collectors.toSet());
            assertThat(known).as(document).containsAll(referred);
        }
    }

    @Test
    void whatChangesObjectsTakesAndAnswersTheirSchemas() {
        var patch = operation("apis/rbac.authorization.k8s.io/v1", "/clusterroles/{name}", "patch");
        assertThat(patch.get("operationId").string()).isEqualTo("patchRbacAuthorizationV1ClusterRole");
        assertThat(parameters(patch))
                .containsExactly("dryRun string", "fieldManager string", "fieldValidation string", "force boolean");
        assertThat(patch.get("requestBody", "content").map())
                .containsKeys("application/apply-patch+yaml", "application/strategic-merge-patch+json");
        var delete = operation("api/v1", "/namespaces/{namespace}/pods/{name}", "delete");
        assertThat(schemas(delete.get("responses").get("202")))
                .as("A pod's deletion shows the pod.")
                .containsExactly("#/components/schemas/io.k8s.api.core.v1.Pod");
        assertThat(operation("apis/apps/v1", "/namespaces/{namespace}/deployments/{name}/scale", "put")
                        .get("x-kubernetes-group-version-kind", "kind")
                        .string())
                .isEqualTo("Scale");
    }

    /// A list of its own, and the metadata that all objects have, down to what managers own.
    @Test
    void customKindsAreToldAsOthers() {
        var calls = new Calls(plane);
        calls.post(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "{metadata: {name: dials.told.example.org}, spec: {group: told.example.org, scope: Namespaced,"
                        + " names: {plural: dials, kind: Dial}, versions: [{name: v1, served: true, storage: true,"
                        + " schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object}}}}}]}}");
        var root = "apis/told.example.org/v1";
        calls.until("/openapi/v3", each -> each.get("paths").map().containsKey(root));
        var schemas = json("/openapi/v3/" + root).get("components", "schemas");
        assertThat(schemas.get("org.example.told.v1.DialList")
                        .get("properties", "items", "items")
                        .get("$ref")
                        .string())
                .isEqualTo("#/components/schemas/org.example.told.v1.Dial");
        assertThat(schemas.map())
                .containsKeys(
                        "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions");
        var list = operation(root, "/namespaces/{namespace}/dials", "get");
        assertThat(parameters(list)).contains("watch boolean");
        assertThat(list.get("responses").get("200").get("content").map())
                .containsOnlyKeys("application/json", "application/yaml");
        assertThat(operation(root, "/namespaces/{namespace}/dials/{name}", "patch")
                        .get("requestBody", "content")
                        .map())
                .doesNotContainKey("application/strategic-merge-patch+json");
        assertThat(json("/openapi/v2").get("definitions").map())
                .containsKeys("org.example.told.v1.DialList", "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
    }
}
