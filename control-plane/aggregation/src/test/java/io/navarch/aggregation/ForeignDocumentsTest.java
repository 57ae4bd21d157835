package io.navarch.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.Test;

/// What is taken of the documents of other servers.
class ForeignDocumentsTest {
    private static byte[] json(String yaml) {
        return Json.write(Yaml.parse(yaml));
    }

    @Test
    void ofAllGroupsOnlyTheRegisteredOneCounts() {
        var document = json("""
                items:
                - {metadata: {name: other}, versions: [{version: v1, resources: [{resource: wrong}]}]}
                - metadata: {name: a.b}
                  versions:
                  - {version: v2, resources: [{resource: wrong}]}
                  - {version: v1, resources: [{resource: toys, subresources: [{subresource: status}]}]}
                """);
        var resources = ForeignDiscovery.ofAll(document, "a.b", "v1");
        assertThat(resources).hasSize(1);
        var toys = View.of(resources.getFirst());
        assertThat(toys.get("resource").string()).isEqualTo("toys");
        // Some clients cannot read what lacks these.
        assertThat(toys.get("responseKind").exists()).isTrue();
        assertThat(toys.get("subresources")
                        .views()
                        .getFirst()
                        .get("responseKind")
                        .exists())
                .isTrue();
        assertThat(ForeignDiscovery.ofAll(document, "a.b", "v3")).isEmpty();
    }

    @Test
    void subresourcesOfAnOldListStandBelowTheirs() {
        var document = json("""
                resources:
                - {name: toys/status, kind: Toy, namespaced: true, verbs: [get]}
                - {name: toys, singularName: toy, kind: Toy, namespaced: true, verbs: [list], shortNames: [ty]}
                - {name: toys/scale, kind: Scale, group: autoscaling, version: v1, namespaced: true, verbs: [get]}
                - {name: lost/status, kind: Toy, namespaced: true, verbs: [get]}
                - {name: parks, kind: Park, verbs: [get]}
                """);
        var resources = ForeignDiscovery.ofOne(document, "a.b", "v1");
        assertThat(resources).extracting(each -> each.get("resource")).containsExactly("toys", "parks");
        var toys = View.of(resources.getFirst());
        assertThat(toys.get("scope").string()).isEqualTo("Namespaced");
        assertThat(toys.get("responseKind", "group").string()).isEqualTo("a.b");
        assertThat(toys.get("subresources").views())
                .extracting(each -> each.get("subresource").string() + " "
                        + each.get("responseKind", "group").string())
                .containsExactly("status a.b", "scale autoscaling");
        assertThat(View.of(resources.getLast()).get("scope").string()).isEqualTo("Cluster");
    }

    @Test
    void schemasAreTakenAsFarAsPathsNeedThem() {
        var document = json("""
                paths:
                  /apis/a.b/v1/toys: {get: {schema: {$ref: '#/definitions/Toy'}}}
                  /apis/a.b/v10/toys: {get: {schema: {$ref: '#/definitions/Other'}}}
                definitions:
                  Toy: {properties: {self: {$ref: '#/definitions/Toy'}, part: {items: {$ref: '#/definitions/Part'}}}}
                  Part: {type: object}
                  Other: {type: object}
                """);
        var part = View.of(ForeignOpenApi.two(document, "/apis/a.b/v1/"));
        assertThat(part.get("paths").map()).containsOnlyKeys("/apis/a.b/v1/toys");
        assertThat(part.get("definitions").map()).containsOnlyKeys("Part", "Toy");
    }

    @Test
    void anIndexNamesOnlyItsOwn() {
        var root = "apis/a.b/v1";
        var own = "/openapi/v3/apis/a.b/v1?hash=1";
        assertThat(ForeignOpenApi.three(json("{paths: {apis/a.b/v1: {serverRelativeURL: '" + own + "'}}}"), root))
                .contains(own);
        for (var other : new String[] {"/openapi/v3/api/v1", "https://x/openapi/v3/apis/a.b/v1", ""})
            assertThat(ForeignOpenApi.three(json("{paths: {apis/a.b/v1: {serverRelativeURL: '" + other + "'}}}"), root))
                    .as(other)
                    .isEmpty();
    }
}
