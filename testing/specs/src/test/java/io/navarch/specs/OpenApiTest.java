package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
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
}
