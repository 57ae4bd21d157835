package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the definitions of real projects have brought to light (testing/projects): answers of kube-apiserver 1.36.3.
class ProjectResourcesTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String DEFINITION = """
            metadata: {name: things.projects.example.org}
            spec:
              group: projects.example.org
              scope: Namespaced
              names: {plural: things, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      count: {type: integer, format: int32}
                      plain: {type: integer}
                      real: {type: number, format: float}
                      most: {type: integer, format: int32, maximum: 4294967296}
                      time: {type: string, format: date-time}
                      bytes: {type: string, format: byte}
                      maybe: {type: string, nullable: true, enum: [x]}
                      null-too: {type: string, nullable: true, enum: [x, null]}
                      some: {type: array, items: {type: string, enum: [x]}}
                      limit: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items: {type: object, required: [name], properties: {name: {type: string}}}
                      pairs:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [z, a]
                        items: {type: object, required: [a, z], properties: {a: {type: string}, z: {type: string}}}
                      either:
                        type: object
                        oneOf: [{properties: {a: {}}, required: [a]}, {properties: {b: {}}, required: [b]}]
                        properties: {a: {type: string}, b: {type: string}}
            """;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    @BeforeAll
    static void define() {
        var calls = new Calls(plane);
        calls.post(CRDS, DEFINITION);
        calls.until(
                CRDS + "/things.projects.example.org",
                read -> read.condition("Established").equals("True"));
    }

    private Calls.Answer create(String fields) {
        return calls.tryPost(
                "/apis/projects.example.org/v1/namespaces/default/things?dryRun=All",
                "{apiVersion: projects.example.org/v1, kind: Thing, metadata: {name: x}, " + fields + "}");
    }

    private static String causes(View refusal) {
        return String.join(
                " | ",
                refusal.get("details", "causes").views().stream()
                        .map(cause -> cause.get("field").string() + ": "
                                + cause.get("message").string())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "count: 2147483648; <nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in count",
                "count: 1.5; count: Invalid value: \"float64\": count in body must be of type int32: \"float64\" | <nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in count",
                "count: true; count: Invalid value: \"\": count in body must be of type int32: \"\"",
                "count: x; count: Invalid value: \"string\": count in body must be of type integer: \"string\"",
                "plain: 1.5; plain: Invalid value: \"number\": plain in body must be of type integer: \"number\" | <nil>: Invalid value: \"\": Checked value must be of type integer (default format) in plain",
                "real: 1e300; <nil>: Invalid value: \"\": Checked value must be of type number with format float in real",
                "most: 1; <nil>: Invalid value: \"\": Maximum boundary value must be of type integer with format int32 in most",
                "time: 5; time: Invalid value: \"int64\": time in body must be of type date-time: \"int64\"",
                "bytes: ''; bytes: Invalid value: \"\": bytes in body must be of type byte: \"\"",
                "maybe: null; maybe: Unsupported value: null: supported values: \"x\"",
                "null-too: null; null-too: Unsupported value: null: supported values: \"x\", \"null\"",
                "some: [null]; some[0]: Invalid value: \"null\": some[0] in body must be of type string: \"null\" | some[0]: Unsupported value: null: supported values: \"x\"",
                "pairs: [{a: '1', z: '2'}, {a: '1', z: '2'}]; pairs[1]: Duplicate value: {\"a\":\"1\",\"z\":\"2\"}",
                "either: x; either: Invalid value: \"string\": either in body must be of type object: \"string\" | <nil>: Invalid value: \"\": \"either\" must validate one and only one schema (oneOf). Found 2 valid alternatives",
                "parts: [x]; parts[0]: Invalid value: \"string\": parts[0] in body must be of type object: \"string\" | parts[0]: Invalid value: \"x\": must be an object for an array of list-type map"
            })
    void whatDoesNotFitIsRefused(String field, String causes) {
        assertThat(causes(create(field).expect(422))).isEqualTo(causes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"count: 2147483647", "count: -2147483648", "count: 3.0", "plain: 9223372036854775807", "real: 1.5"
            })
    void whatFitsIsTaken(String field) {
        create(field).expect(201);
    }

    /// Other groups answer with a Status; what nobody serves of custom ones is told in plain text.
    @Test
    void whereCustomResourcesAreNotServedNobodyIs() {
        for (var path : new String[] {"v1/namespaces/default/others", "v2/namespaces/default/things", "v1/others"}) {
            var answer = calls.tryGet("/apis/projects.example.org/" + path);
            assertThat(Map.entry(answer.code(), answer.body().string()))
                    .isEqualTo(Map.entry(404, "404 page not found\n"));
        }
        assertThat(calls.tryPost("/apis/projects.example.org/v1/things", "{}")
                        .body()
                        .string())
                .isEqualTo("404 page not found\n");
        assertThat(calls.tryGet("/apis/apps/v1/namespaces/default/others").message())
                .isEqualTo("the server could not find the requested resource");
    }
}
