package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a status of a custom resource is checked for: answers of kube-apiserver 1.36.3.
class CustomResourceStatusTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String GROUP = "status.example.org";
    private static final String OLDER = "older.example.org";
    private static final String DEFINITION = """
            metadata: {name: tasks.GROUP}
            spec:
              group: GROUP
              scope: Namespaced
              names: {plural: tasks, kind: Task}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec: {type: object, required: [a], properties: {a: {type: string}}}
                      status:
                        type: object
                        required: [b]
                        properties:
                          a: {type: string, pattern: '^[a-z]+$'}
                          b: {type: integer, minimum: 5}
                          c: {type: string, enum: [x]}
                          d:
                            type: object
                            anyOf: [{required: [a]}, {required: [b]}]
                            properties: {a: {type: string}, b: {type: string}}
                          e:
                            type: object
                            x-kubernetes-embedded-resource: true
                            x-kubernetes-preserve-unknown-fields: true
                          f: {type: array, items: {type: object, properties: {z: {type: string, maxLength: 2}}}}
                          g: {type: array, x-kubernetes-list-type: set, items: {type: string}}
            """;

    @RegisterExtension
    static final PlaneUnderTest PLANE = new PlaneUnderTest();

    private static final Calls CALLS = new Calls(PLANE);

    @BeforeAll
    static void define() {
        for (var group : List.of(GROUP, OLDER)) {
            CALLS.post(DEFINITIONS, DEFINITION.replace("GROUP", group));
            CALLS.until(definition(group), read -> read.condition("Established").equals("True"));
        }
    }

    private static String definition(String group) {
        return DEFINITIONS + "/tasks." + group;
    }

    /// @return its place
    private static String made(String group, String name) {
        var tasks = "/apis/" + group + "/v1/namespaces/default/tasks";
        CALLS.post(tasks, "{apiVersion: " + group + "/v1, kind: Task, metadata: {name: " + name + "}, spec: {a: x}}");
        return tasks + "/" + name;
    }

    private static Calls.Answer tell(String place, String status) {
        return CALLS.tryPatch(place + "/status", Calls.MERGE, "{status: " + status + "}");
    }

    private static String causes(View refusal) {
        return String.join(
                " | ",
                refusal.get("details", "causes").views().stream()
                        .map(cause -> cause.get("field").string() + ": "
                                + cause.get("message").string())
                        .toList());
    }

    /// Fields are named from the object on, but what is wrong with them from the status on.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a; {a: '5', b: 1}; status.a: Invalid value: \"5\": a in body should match '^[a-z]+$' | status.b: Invalid value: 1: b in body should be greater than or equal to 5",
                "b; {c: z}; status.c: Unsupported value: \"z\": supported values: \"x\" | status.b: Required value",
                "c; {b: 5, d: {}}; status: Invalid value: \"\": \"d\" must validate at least one schema (anyOf) | status.d.a: Required value",
                "d; {b: 5, f: [{z: long}]}; status.f[0].z: Too long: may not be more than 2 bytes",
                "e; {b: 5, g: [a, a]}; status.g[1]: Duplicate value: \"a\"",
                "f; x; status: Invalid value: \"string\":  in body must be of type object: \"string\"",
                "g; {b: x}; status.b: Invalid value: \"string\": b in body must be of type integer: \"string\""
            })
    void whatDoesNotFitIsRefused(String name, String status, String causes) {
        assertThat(causes(tell(made(GROUP, name), status).expect(422))).isEqualTo(causes);
    }

    /// Metadata of objects inside of a status are anybody's.
    @Test
    void embeddedObjectsAreNotCheckedThere() {
        tell(made(GROUP, "embedded"), "{b: 5, e: {apiVersion: v1, kind: X, metadata: {name: A B}}}")
                .expect(200);
    }

    @Test
    void aStatusIsToldOfAnObjectThatTheSchemaRefusesByNow() {
        var place = made(OLDER, "older");
        CALLS.patch(definition(OLDER), Calls.JSON_PATCH, """
                [{op: add, path: /spec/versions/0/schema/openAPIV3Schema/required/-, value: more},
                 {op: add, path: /spec/versions/0/schema/openAPIV3Schema/properties/more, value: {type: string}}]
                """);
        PlaneUnderTest.eventually(
                () -> View.of(
                        CALLS.tryPatch(place, Calls.MERGE, "{metadata: {labels: {a: a" + System.nanoTime() + "}}}")
                                .code()),
                code -> code.longOr(0) == 422);
        assertThat(tell(place, "{b: 7}").expect(200).get("status", "b").longOr(0))
                .isEqualTo(7);
    }

    @Test
    void discoveryNamesVerbsInTheirOrder() {
        assertThat(CALLS.get("/apis/" + GROUP + "/v1")
                        .get("resources")
                        .find("name", "tasks")
                        .get("verbs")
                        .strings())
                .containsExactly("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
    }
}
