package io.navarch.specs;

import static io.navarch.specs.Calls.APPLY;
import static io.navarch.specs.Calls.JSON_PATCH;
import static io.navarch.specs.Calls.MERGE;
import static io.navarch.specs.Calls.STRATEGIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Server-side apply and managed fields through the API: who owns what after which call.
class ApplyTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: " + data + "}";
    }

    private static String deployment(String name, String spec) {
        return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + "}, spec: {" + spec
                + "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}";
    }

    private Calls.Answer apply(String path, String manager, String body) {
        return calls.tryPatch(path + "?fieldManager=" + manager, APPLY, body);
    }

    /// Manager, operation and subresource of each entry, with the fields below `at`.
    private static String owners(View object, String... at) {
        var result = new TreeMap<String, String>();
        for (var entry : object.metadata().get("managedFields").views()) {
            var fields = entry.get("fieldsV1");
            for (var part : at) fields = fields.get("f:" + part);
            if (!fields.exists()) continue;
            var subresource = entry.get("subresource").string();
            result.put(
                    entry.get("manager").string() + " " + entry.get("operation").string()
                            + (subresource.isEmpty() ? "" : " " + subresource),
                    Json.writeString(fields.value()).replace("\"", ""));
        }
        return result.toString();
    }

    @Test
    void fieldsHaveOwnersWhoMayShareThem() {
        apply(MAPS + "/shared", "one", map("shared", "{a: '1', b: '1'}")).expect(201);
        var both = apply(MAPS + "/shared", "two", map("shared", "{a: '1', c: '1'}"))
                .expect(200);
        assertThat(owners(both, "data")).isEqualTo("{one Apply={f:a:{},f:b:{}}, two Apply={f:a:{},f:c:{}}}");
        // What one manager no longer applies stays as long as another does.
        var left = apply(MAPS + "/shared", "one", map("shared", "{b: '1'}")).expect(200);
        assertThat(left.get("data").map().keySet()).containsExactlyInAnyOrder("a", "b", "c");
        var gone = apply(MAPS + "/shared", "two", map("shared", "{c: '1'}")).expect(200);
        assertThat(gone.get("data").map().keySet()).containsExactlyInAnyOrder("b", "c");
    }

    private static String variables(String name, String env) {
        return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name
                + "}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i, env: ["
                + env + "]}]}}}}";
    }

    private static String variables(View deployment) {
        return String.join(
                " ",
                deployment.spec().get("template", "spec", "containers").at(0).get("env").views().stream()
                        .map(variable -> variable.get("name").string() + "="
                                + variable.get("value").string())
                        .toList());
    }

    private static final String TWICE = "{name: COLOR, value: red}, {name: SIZE, value: L}, {name: COLOR, value: blue}";

    /// https://github.com/kubernetes/kubernetes/issues/121575
    @Test
    void elementsOfOneKeyAreRefusedInAConfigurationAndKeptWhereTheyAre() {
        var refused = apply(DEPLOYMENTS + "/once", "one", variables("once", TWICE));
        refused.expect(500);
        assertThat(refused.message()).contains("env: duplicate entries for key [name=\"COLOR\"]");
        calls.tryGet(DEPLOYMENTS + "/once").expect(404);

        var made = calls.tryPost(DEPLOYMENTS + "?fieldManager=creator", variables("twice", TWICE));
        assertThat(variables(made.expect(201))).isEqualTo("COLOR=red SIZE=L COLOR=blue");
        assertThat(made.warnings())
                .contains("spec.template.spec.containers[0].env[2]: hides previous definition of \\\"COLOR\\\"");
        var beside = apply(
                        DEPLOYMENTS + "/twice",
                        "two",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: twice}, spec: {template: {spec: {containers: [{name: c, env: [{name: SHAPE, value: round}]}]}}}}")
                .expect(200);
        assertThat(variables(beside)).isEqualTo("COLOR=red SIZE=L COLOR=blue SHAPE=round");
        // Whoever takes the key over has one of it again.
        var taken = apply(
                        DEPLOYMENTS + "/twice",
                        "two&force=true",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: twice}, spec: {template: {spec: {containers: [{name: c, env: [{name: COLOR, value: green}]}]}}}}")
                .expect(200);
        assertThat(variables(taken)).isEqualTo("COLOR=green SIZE=L");
    }

    @Test
    void conflictsNameManagersAndFields() {
        calls.post(MAPS + "?fieldManager=creator", map("contested", "{a: '1', b: '1'}"));
        var refused = apply(MAPS + "/contested", "one", map("contested", "{a: '2', b: '1'}"));
        refused.expect(409);
        assertThat(refused.message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"creator\" using v1: .data.a");
        assertThat(refused.body().get("reason").string()).isEqualTo("Conflict");
        var cause = refused.body().get("details", "causes").at(0);
        assertThat(cause.get("reason").string()).isEqualTo("FieldManagerConflict");
        assertThat(cause.get("field").string()).isEqualTo(".data.a");
        assertThat(calls.get(MAPS + "/contested").get("data", "a").string()).isEqualTo("1");
        var forced = apply(MAPS + "/contested", "one&force=true", map("contested", "{a: '2', b: '1'}"))
                .expect(200);
        assertThat(owners(forced, "data")).isEqualTo("{creator Update={.:{},f:b:{}}, one Apply={f:a:{},f:b:{}}}");
    }

    @Test
    void updatesTakeWhatTheyChange() {
        apply(MAPS + "/changed", "one", map("changed", "{a: '1', b: '1'}")).expect(201);
        var patched = calls.patch(MAPS + "/changed?fieldManager=two", MERGE, "{data: {a: '2', c: '1'}}");
        assertThat(owners(patched, "data")).isEqualTo("{one Apply={f:b:{}}, two Update={f:a:{},f:c:{}}}");
        var same = calls.patch(MAPS + "/changed?fieldManager=three", MERGE, "{data: {a: '2'}}");
        assertThat(same.resourceVersion()).isEqualTo(patched.resourceVersion());
    }

    @Test
    void whatWasThereBeforeTheFirstApplyIsKept() {
        calls.post(MAPS, map("older", "{a: '1'}"));
        // An empty list is no managed fields at all.
        calls.patch(MAPS + "/older", JSON_PATCH, "[{op: replace, path: /metadata/managedFields, value: [{}]}]");
        assertThat(calls.get(MAPS + "/older").metadata().get("managedFields").exists())
                .isFalse();
        var applied = apply(MAPS + "/older", "one", map("older", "{b: '1'}")).expect(200);
        assertThat(owners(applied, "data")).isEqualTo("{before-first-apply Update={.:{},f:a:{}}, one Apply={f:b:{}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?fieldManager=m | {apiVersion: v1, kind: ConfigMap, metadata: {name: bad}, dat: {a: b}} | 500 | .dat: field not declared in schema",
                "?fieldManager=m | {apiVersion: v1, kind: ConfigMap, metadata: {name: bad}, data: [a]} | 500 | (/bad; /v1, Kind=ConfigMap): .data: expected map",
                "?fieldManager=m | {apiVersion: v2, kind: ConfigMap, metadata: {name: bad}} | 400 | invalid object type: /v2, Kind=ConfigMap",
                "?fieldManager=m | {apiVersion: v1, kind: Secret, metadata: {name: bad}} | 400 | invalid object type: /v1, Kind=Secret",
                "?fieldManager=m | {apiVersion: v1, kind: ConfigMap, metadata: {name: other}} | 400 | does not match the name on the URL",
                "?fieldManager=m | {apiVersion: v1, kind: ConfigMap, metadata: {name: bad, managedFields: []}} | 400 | metadata.managedFields must be nil",
                "'' | {apiVersion: v1, kind: ConfigMap, metadata: {name: bad}} | 422 | fieldManager: Required value: is required for apply patch",
            })
    void wrongAppliesChangeNothing(String query, String body, int code, String text) {
        var answer = calls.tryPatch(MAPS + "/bad" + query, APPLY, body);
        assertThat(answer.code()).as("%s", answer.body()).isEqualTo(code);
        assertThat(answer.message()).contains(text);
        calls.tryGet(MAPS + "/bad").expect(404);
    }

    @Test
    void statusAndTheRestHaveOwnersOfTheirOwn() {
        apply(DEPLOYMENTS + "/parts", "one", deployment("parts", "paused: true, replicas: 0, "))
                .expect(201);
        calls.patch(DEPLOYMENTS + "/parts/status?fieldManager=two", MERGE, "{status: {collisionCount: 7}}");
        var read = calls.get(DEPLOYMENTS + "/parts");
        assertThat(owners(read, "status", "collisionCount")).isEqualTo("{two Update status={}}");
        assertThat(owners(read, "spec", "paused")).isEqualTo("{one Apply={}}");
    }

    @Test
    void aScaleHasTheOwnersOfItsNumber() {
        var scale = DEPLOYMENTS + "/scaled/scale";
        apply(DEPLOYMENTS + "/scaled", "one", deployment("scaled", "paused: true, replicas: 0, "))
                .expect(201);
        calls.patch(scale + "?fieldManager=two", MERGE, "{spec: {replicas: 3}}");
        assertThat(owners(calls.get(DEPLOYMENTS + "/scaled"), "spec", "replicas"))
                .isEqualTo("{two Update scale={}}");
        // Who applies the number now takes it from whom the scale says has it.
        var sent = "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: scaled}, spec: {replicas: 4}}";
        var refused = apply(scale, "three", sent);
        refused.expect(409);
        assertThat(refused.message())
                .contains("conflict with \"two\" with subresource \"scale\" using autoscaling/v1: .spec.replicas");
        assertThat(apply(scale, "three&force=true", sent)
                        .expect(200)
                        .spec()
                        .get("replicas")
                        .longOr(0))
                .isEqualTo(4);
        assertThat(owners(calls.get(DEPLOYMENTS + "/scaled"), "spec", "replicas"))
                .isEqualTo("{three Apply scale={}}");
        // And back: the whole object's applier is in the way of nobody, it has lost the field.
        apply(DEPLOYMENTS + "/scaled", "one", deployment("scaled", "paused: true, replicas: 5, "))
                .expect(409);
        calls.patch(scale, STRATEGIC, "{spec: {replicas: 4}}");
        assertThat(owners(calls.get(DEPLOYMENTS + "/scaled"), "spec", "replicas"))
                .isEqualTo("{three Apply scale={}}");
        calls.tryPatch(scale, MERGE, "{spec: {replicas: -1}}").expect(422);
        calls.tryPatch(scale, MERGE, "{spec: {replicas: many}}").expect(422);
        calls.tryPatch(scale, MERGE, "{metadata: {resourceVersion: '1'}, spec: {replicas: 1}}")
                .expect(409);
        assertThat(calls.get(scale).spec().get("replicas").longOr(0)).isEqualTo(4);
    }
}
