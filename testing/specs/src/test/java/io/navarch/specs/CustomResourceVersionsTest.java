package io.navarch.specs;

import static io.navarch.specs.Calls.APPLY;
import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Custom resources have the form of the version that somebody writes or reads; what is stored has that of the stored
/// version.
class CustomResourceVersionsTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String DEFINITION = """
            metadata: {name: things.versions.example.org}
            spec:
              group: versions.example.org
              scope: Namespaced
              names: {plural: things, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [mode]
                        properties:
                          mode: {type: string}
                          level: {type: string, default: high}
                          own: {type: string}
                          replicas: {x-kubernetes-int-or-string: true}
                          name: {type: string, minLength: 1, pattern: '^a+$'}
                          free:
                            type: object
                            x-kubernetes-preserve-unknown-fields: true
                            properties: {known: {type: object, properties: {a: {type: string}}}}
                          steps: {type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object}}
                          bare: {type: array, items: {type: object}}
                          list: {type: array, items: {type: string}}
                          embedded: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
                          address:
                            type: object
                            properties: {value: {type: string}}
                            oneOf: [{properties: {value: {anyOf: [{format: ipv4}, {format: ipv6}]}}}]
                      status: {type: object, properties: {replicas: {type: integer}, own: {type: string}}}
              - name: v2
                served: true
                storage: false
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          mode: {type: string, enum: [x, q]}
                          level: {type: string}
                          other: {type: string, default: two}
                      status: {type: object, properties: {replicas: {type: integer}}}
            """;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    @BeforeAll
    static void define() {
        var calls = new Calls(plane);
        calls.post(CRDS, DEFINITION);
        calls.until(
                CRDS + "/things.versions.example.org",
                read -> read.condition("Established").equals("True"));
    }

    private static String path(String version) {
        return "/apis/versions.example.org/" + version + "/namespaces/default/things";
    }

    private static String thing(String version, String name, String spec) {
        return "{apiVersion: versions.example.org/" + version + ", kind: Thing, metadata: {name: " + name + "}, spec: "
                + spec + "}";
    }

    private Calls.Answer create(String version, String name, String spec) {
        return calls.tryPost(path(version), thing(version, name, spec));
    }

    private Calls.Answer apply(String version, String name, String spec) {
        return calls.tryPatch(path(version) + "/" + name + "?fieldManager=m", APPLY, thing(version, name, spec));
    }

    private String spec(String version, String name) {
        return text(calls.get(path(version) + "/" + name));
    }

    private static String text(View object) {
        return Json.writeString(sorted(object.spec().value())).replace("\"", "");
    }

    private static @Nullable Object sorted(@Nullable Object tree) {
        if (tree instanceof List<?> list)
            return list.stream().map(CustomResourceVersionsTest::sorted).toList();
        if (!(tree instanceof Map<?, ?> map)) return tree;
        var result = new TreeMap<String, @Nullable Object>();
        map.forEach((key, value) -> result.put((String) key, sorted(value)));
        return result;
    }

    private static String causes(View refusal) {
        return refusal.get("details", "causes").views().stream()
                .map(cause -> cause.get("field").string() + ": "
                        + cause.get("message").string())
                .toList()
                .toString();
    }

    @Test
    void objectsAreCheckedByTheVersionTheyComeIn() {
        create("v2", "loose", "{}").expect(201);
        assertThat(spec("v1", "loose")).isEqualTo("{level:high}");
        assertThat(causes(create("v1", "strict", "{}").expect(422))).contains("spec.mode: Required value");
        assertThat(causes(create("v2", "choice", "{mode: z}").expect(422))).contains("supported values: \"x\", \"q\"");
        create("v1", "choice", "{mode: z}").expect(201);
    }

    @Test
    void whatAnotherVersionDoesNotHaveIsNeitherShownNorKept() {
        create("v1", "shown", "{mode: x, own: mine}").expect(201);
        assertThat(spec("v2", "shown")).isEqualTo("{level:high,mode:x}");
        assertThat(text(calls.patch(path("v2") + "/shown", MERGE, "{spec: {mode: q}}")))
                .isEqualTo("{level:high,mode:q}");
        assertThat(spec("v1", "shown")).isEqualTo("{level:high,mode:q}");
        calls.patch(path("v1") + "/shown/status", MERGE, "{status: {replicas: 1}}");
        var generation = calls.get(path("v1") + "/shown").metadata().get("generation");
        calls.patch(path("v2") + "/shown/status", MERGE, "{status: {replicas: 2}}");
        assertThat(calls.get(path("v1") + "/shown").metadata().get("generation").longOr(0))
                .as("A status changes nothing that is wanted.")
                .isEqualTo(generation.longOr(-1));
    }

    @Test
    void defaultsOfOtherVersionsBelongToNobody() {
        var made = create("v2", "owned", "{mode: x}").expect(201);
        assertThat(text(made)).isEqualTo("{level:high,mode:x}");
        var owned = made.metadata().get("managedFields").views().getFirst().get("fieldsV1", "f:spec");
        assertThat(owned.map()).containsOnlyKeys(".", "f:mode", "f:other");
    }

    @Test
    void listsKeepWhatTheirElementsDoNotDeclare() {
        var spec = "{mode: x, steps: [{a: {b: 1}}], bare: [{a: {b: 1}}]}";
        var made = create("v1", "kept", spec);
        assertThat(text(made.expect(201))).isEqualTo("{bare:[{}],level:high,mode:x,steps:[{a:{b:1}}]}");
        assertThat(made.warnings()).contains("spec.bare[0].a").doesNotContain("spec.steps");
        assertThat(text(apply("v1", "applied", spec).expect(201)))
                .isEqualTo("{bare:[{}],level:high,mode:x,steps:[{a:{b:1}}]}");
    }

    @Test
    void nullsThatNobodyDeclaredAreValues() {
        var spec = "{mode: x, own: null, level: null, free: {z: null, y: {a: null}, known: {a: null}}}";
        assertThat(text(create("v1", "nulls", spec).expect(201)))
                .isEqualTo("{free:{known:{},y:{a:null},z:null},level:high,mode:x}");
        assertThat(causes(apply("v1", "nothing", spec).expect(422)))
                .contains("spec.own in body must be of type string: \"null\"")
                .contains("spec.free.known.a in body must be of type string: \"null\"")
                .doesNotContain("spec.free.z");
        assertThat(causes(apply("v1", "nothing", "{mode: null}").expect(422)))
                .isEqualTo("[spec.mode: Invalid value: \"null\": spec.mode in body must be of type string: \"null\"]");
    }

    @Test
    void ofAWrongTextTheFirstErrorIsTold() {
        assertThat(causes(create("v1", "short", "{mode: x, name: ''}").expect(422)))
                .isEqualTo("[spec.name: Invalid value: \"\": spec.name in body should be at least 1 chars long]");
        assertThat(causes(create("v1", "address", "{mode: x, address: {value: here}}")
                        .expect(422)))
                .contains("must validate at least one schema (anyOf)")
                .contains("spec.address.value in body must be of type ipv4: \"here\"");
    }

    @Test
    void embeddedObjectsHaveMetadata() {
        var made = create("v1", "outer", "{mode: x, embedded: {apiVersion: v1, kind: X, metadata: {name: a, foo: 1}}}");
        assertThat(made.warnings()).contains("spec.embedded.metadata.foo");
        assertThat(text(made.expect(201))).contains("embedded:{apiVersion:v1,kind:X,metadata:{name:a}}");
        var wrong = "{mode: x, embedded: {apiVersion: v1, kind: X, metadata: {name: a, foo: 1}}}";
        assertThat(apply("v1", "inner", wrong).expect(500).get("message").string())
                .endsWith(".spec.embedded.metadata.foo: field not declared in schema");
    }

    @Test
    void whatMetadataLackIsToldOnce() {
        var owned = "{apiVersion: versions.example.org/v1, kind: Thing, metadata: {name: held, ownerReferences: "
                + "[{apiVersion: v1, kind: X, name: x}]}, spec: {mode: x}}";
        var refusal = calls.tryPost(path("v1"), owned).expect(422);
        assertThat(causes(refusal)).isEqualTo("[metadata.ownerReferences.uid: Invalid value: \"\": must not be empty]");
    }

    @Test
    void whatScalesIsANumber() {
        assertThat(causes(create("v1", "many", "{mode: x, replicas: '${N}'}").expect(422)))
                .isEqualTo("[.spec.replicas: Invalid value: 0: .spec.replicas accessor error: ${N} is of the type"
                        + " string, expected int64]");
        assertThat(causes(create("v1", "few", "{mode: x, replicas: -1}").expect(422)))
                .isEqualTo("[.spec.replicas: Invalid value: -1: should be a non-negative integer]");
    }

    @Test
    void valuesOfWrongTypesAreShownWhole() {
        assertThat(apply("v1", "typed", "{mode: [{a: null, b: 'c'}, 1, true]}")
                        .expect(500)
                        .get("message")
                        .string())
                .endsWith(".spec.mode: expected string, got &value.valueUnstructured{Value:[]interface"
                        + " {}{map[string]interface {}{\"a\":interface {}(nil), \"b\":\"c\"}, 1, true}}");
    }

    @Test
    void rulesSeeWhatIsDeclared() {
        var rule = "{rule: 'self.all(t, !has(t.metadata.namespace))'}";
        var old = "{rule: 'self == oldSelf'}";
        var definition = """
                metadata: {name: ruled.versions.example.org}
                spec:
                  group: versions.example.org
                  scope: Namespaced
                  names: {plural: ruled, kind: Ruled}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          templates:
                            type: array
                            maxItems: 5
                            x-kubernetes-validations: [%s]
                            items:
                              type: object
                              properties: {metadata: {type: object, properties: {namespace: {type: string}}}}
                          atomic:
                            type: object
                            x-kubernetes-map-type: atomic
                            properties: {major: {type: integer, x-kubernetes-validations: [%s]}}
                """.formatted(rule, old);
        calls.post(CRDS, definition);
    }
}
