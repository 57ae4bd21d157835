package io.navarch.specs;

import static io.navarch.specs.Calls.APPLY;
import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What conformance specs of the same names ask of discovery, definitions of custom resources, OpenAPI documents and
/// the checking of fields.
class MachinerySpecsTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList";
    private static final String SCHEMA =
            "{type: object, description: Foo CRD for Testing, properties: {spec: {type: object, description: Specification of Foo, properties: {bars: {type: array, description: List of Bars and their specs., items: {type: object, required: [name], properties: {name: {type: string, description: Name of Bar.}, age: {type: string}}}}}}, status: {type: object, properties: {bars: {type: array, items: {type: object, properties: {name: {type: string}, available: {type: boolean}}}}}}}}";
    private static final String OPEN = "{type: object, x-kubernetes-preserve-unknown-fields: true}";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private static String version(String name, boolean storage, String schema) {
        return "{name: " + name + ", served: true, storage: " + storage + ", schema: {openAPIV3Schema: " + schema
                + "}}";
    }

    /// Defines a resource and waits until it is served.
    private void define(String group, String plural, String kind, String... versions) {
        calls.post(
                CRDS,
                "{metadata: {name: " + plural + "." + group + "}, spec: {group: " + group
                        + ", scope: Namespaced, names: {plural: " + plural + ", kind: " + kind + "}, versions: ["
                        + String.join(", ", versions) + "]}}");
        calls.until(
                CRDS + "/" + plural + "." + group,
                read -> read.condition("Established").equals("True"));
        calls.until("/apis/" + group, read -> read.get("kind").string().equals("APIGroup"));
    }

    private View groupVersions(String version) {
        return calls.send("GET", "/apis", "", null, "Accept", AGGREGATED.formatted(version))
                .expect(200);
    }

    @Test
    @DisplayName("[sig-api-machinery] server version should find the server version")
    void serverVersion() {
        var version = calls.get("/version");
        assertThat(version.get("major").string()).isEqualTo("1");
        assertThat(version.get("minor").string()).matches("[0-9]+\\+?");
    }

    @Test
    @DisplayName("[sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup")
    void groupsAndResources() {
        assertThat(calls.get("/apis/admissionregistration.k8s.io/v1").get("resources").stream()
                        .map(resource -> resource.get("name").string()))
                .contains("mutatingwebhookconfigurations");
        for (var group : calls.get("/apis").get("groups").views()) {
            var preferred = group.get("preferredVersion", "groupVersion").string();
            assertThat(calls.get("/apis/" + preferred).get("groupVersion").string())
                    .isEqualTo(preferred);
            assertThat(calls.get("/apis/" + preferred).get("resources").list()).isNotEmpty();
        }
    }

    @ParameterizedTest(name = "[sig-api-machinery] AggregatedDiscovery should support {0}")
    @ValueSource(strings = {"aggregated discovery interface", "raw aggregated discovery endpoint Accept headers"})
    void aggregatedDiscovery(String what) {
        var groups = groupVersions("v2");
        assertThat(groups.get("apiVersion").string()).isEqualTo("apidiscovery.k8s.io/v2");
        assertThat(groups.get("items").stream().map(View::name)).contains("apps", "batch", "rbac.authorization.k8s.io");
        // The version before that is gone.
        assertThat(calls.send("GET", "/apis", "", null, "Accept", AGGREGATED.formatted("v2beta1"))
                        .code())
                .isEqualTo(406);
        var core = calls.send("GET", "/api", "", null, "Accept", AGGREGATED.formatted("v2"))
                .expect(200);
        var resources = core.get("items").at(0).get("versions").at(0).get("resources");
        assertThat(resources.stream().map(resource -> resource.get("resource").string()))
                .contains("pods", "services");
        // Who asks for nothing in particular gets the old form.
        assertThat(calls.get("/apis").get("kind").string()).isEqualTo("APIGroupList");
    }

    @ParameterizedTest(name = "[sig-api-machinery] AggregatedDiscovery should support {0}")
    @CsvSource({"aggregated discovery interface for CRDs, first", "raw aggregated discovery request for CRDs, second"})
    void aggregatedDiscoveryOfDefinitions(String what, String word) {
        define(word + ".example.com", "things", "Thing", version("v1", true, OPEN));
        var groups = PlaneUnderTest.eventually(
                () -> groupVersions("v2"),
                read -> read.get("items").stream()
                        .anyMatch(group -> group.name().equals(word + ".example.com")));
        var group = groups.get("items").stream()
                .filter(each -> each.name().equals(word + ".example.com"))
                .findFirst()
                .orElseThrow();
        var resource = group.get("versions").at(0).get("resources").at(0);
        assertThat(resource.get("resource").string()).isEqualTo("things");
        assertThat(resource.get("responseKind", "kind").string()).isEqualTo("Thing");
        assertThat(resource.get("scope").string()).isEqualTo("Namespaced");
        assertThat(resource.get("verbs").strings()).contains("create", "list", "watch", "deletecollection");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition creating/deleting custom resource definition objects works")
    void definitionsComeAndGo() {
        define("simple.example.com", "things", "Thing", version("v1", true, OPEN));
        calls.delete(CRDS + "/things.simple.example.com").expect(200);
        calls.until(
                CRDS + "/things.simple.example.com", read -> read.get("code").longOr(0) == 404);
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition listing custom resource definition objects works")
    void definitionsAreListed() {
        for (int i = 0; i < 3; i++) {
            define("listed.example.com", "things" + i, "Thing" + i, version("v1", true, OPEN));
            calls.patch(CRDS + "/things" + i + ".listed.example.com", MERGE, "{metadata: {labels: {listed: 'true'}}}");
        }
        assertThat(calls.count(CRDS + "?labelSelector=listed%3Dtrue")).isEqualTo(3);
        calls.delete(CRDS + "?labelSelector=listed%3Dtrue").expect(200);
        calls.until(
                CRDS + "?labelSelector=listed%3Dtrue",
                read -> read.get("items").list().isEmpty());
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] custom resource defaulting for requests and from storage works")
    void defaults() {
        var all = "/apis/filled.example.com/v1/namespaces/default/things";
        define(
                "filled.example.com",
                "things",
                "Thing",
                version("v1", true, "{type: object, properties: {a: {type: string}, b: {type: string}}}"));
        calls.until(all, read -> read.get("kind").string().equals("ThingList"));
        calls.post(all, "{apiVersion: filled.example.com/v1, kind: Thing, metadata: {name: early}}");
        calls.patch(
                CRDS + "/things.filled.example.com",
                MERGE,
                "{spec: {versions: ["
                        + version(
                                "v1",
                                true,
                                "{type: object, properties: {a: {type: string, default: A}, b: {type: string, default: B}}}")
                        + "]}}");
        // What was stored before has the default when it is read, and again when it is written.
        calls.until(all + "/early", read -> read.get("a").string().equals("A"));
        var late = calls.post(all, "{apiVersion: filled.example.com/v1, kind: Thing, metadata: {name: late}, b: own}");
        assertThat(late.get("a").string()).isEqualTo("A");
        assertThat(late.get("b").string()).isEqualTo("own");
        assertThat(calls.patch(all + "/early", MERGE, "{b: null}").get("b").string())
                .isEqualTo("B");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should include custom resource definition resources in discovery documents")
    void definitionsAreDiscovered() {
        assertThat(calls.get("/apis").get("groups").stream()
                        .map(group -> group.get("name").string()))
                .contains("apiextensions.k8s.io");
        assertThat(calls.get("/apis/apiextensions.k8s.io")
                        .get("preferredVersion", "version")
                        .string())
                .isEqualTo("v1");
        assertThat(calls.get("/apis/apiextensions.k8s.io/v1").get("resources").stream()
                        .map(resource -> resource.get("name").string()))
                .contains("customresourcedefinitions", "customresourcedefinitions/status");
    }

    private View published(String definition) {
        return PlaneUnderTest.eventually(
                () -> calls.get("/openapi/v2").get("definitions").get(definition), View::exists);
    }

    private void unpublished(String definition) {
        calls.until(
                "/openapi/v2", read -> !read.get("definitions").get(definition).exists());
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema")
    void publishesASchema() {
        define("schemed.example.com", "foos", "Foo", version("v1", true, SCHEMA));
        var definition = published("com.example.schemed.v1.Foo");
        assertThat(definition.get("description").string()).isEqualTo("Foo CRD for Testing");
        assertThat(definition
                        .path("properties.spec.properties.bars.items.required")
                        .strings())
                .containsExactly("name");
        assertThat(definition
                        .get("x-kubernetes-group-version-kind")
                        .at(0)
                        .get("kind")
                        .string())
                .isEqualTo("Foo");
        assertThat(definition.get("properties").map()).containsKeys("apiVersion", "kind", "metadata", "spec", "status");
    }

    @ParameterizedTest(
            name = "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "without validation schema | schemaless | {type: object, x-kubernetes-preserve-unknown-fields: true}",
                "preserving unknown fields at the schema root | preservingroot | {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {spec: {type: object}}}",
                "preserving unknown fields in an embedded object | preservinginner | {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true, x-kubernetes-embedded-resource: true}}}",
            })
    void publishesOpenSchemas(String what, String word, String schema) {
        var group = word + ".example.com";
        define(group, "foos", "Foo", version("v1", true, schema));
        var definition = published("com.example." + word + ".v1.Foo");
        assertThat(definition
                        .get("x-kubernetes-group-version-kind")
                        .at(0)
                        .get("group")
                        .string())
                .isEqualTo(group);
        var all = "/apis/" + group + "/v1/namespaces/default/foos";
        calls.until(all, read -> read.get("kind").string().equals("FooList"));
        var stored = calls.post(
                all,
                "{apiVersion: " + group
                        + "/v1, kind: Foo, metadata: {name: a}, spec: {apiVersion: v1, kind: X, metadata: {name: b}, unknown: kept}}");
        if (!word.equals("preservingroot"))
            assertThat(stored.get("spec", "unknown").string()).isEqualTo("kept");
    }

    @ParameterizedTest(
            name =
                    "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of {0}")
    @CsvSource({"same group and version but different kinds, one", "same group but different versions, two"})
    void publishesSeveral(String what, String word) {
        var other = word.equals("one") ? "v1" : "v2";
        define(word + ".example.com", "foos", "Foo", version("v1", true, SCHEMA));
        define(word + ".example.com", "bars", "Bar", version(other, true, SCHEMA));
        published("com.example." + word + ".v1.Foo");
        published("com.example." + word + "." + other + ".Bar");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the published spec when one version gets renamed")
    void followsARename() {
        define("renamed.example.com", "foos", "Foo", version("v2", true, SCHEMA), version("v3", false, SCHEMA));
        published("com.example.renamed.v2.Foo");
        published("com.example.renamed.v3.Foo");
        calls.patch(
                CRDS + "/foos.renamed.example.com",
                MERGE,
                "{spec: {versions: [" + version("v2", true, SCHEMA) + ", " + version("v4", false, SCHEMA) + "]}}");
        published("com.example.renamed.v4.Foo");
        unpublished("com.example.renamed.v3.Foo");
        published("com.example.renamed.v2.Foo");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes definition from spec when one version gets changed to not be served")
    void followsWhatIsServed() {
        define("hidden.example.com", "foos", "Foo", version("v5", true, SCHEMA), version("v6alpha1", false, SCHEMA));
        published("com.example.hidden.v6alpha1.Foo");
        calls.patch(
                CRDS + "/foos.hidden.example.com",
                MERGE,
                "{spec: {versions: [" + version("v5", true, SCHEMA) + ", "
                        + version("v6alpha1", false, SCHEMA).replace("served: true", "served: false") + "]}}");
        unpublished("com.example.hidden.v6alpha1.Foo");
        published("com.example.hidden.v5.Foo");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Servers with support for Table transformation should return a 406 for a backend which does not implement metadata")
    void noTableOfReviews() {
        var answer = calls.send(
                "POST",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                "application/json",
                "{\"spec\":{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}",
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io");
        answer.expect(406);
    }

    private static final String DEPLOYMENT =
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: %s%s}, spec: {%sselector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}";

    @Test
    @DisplayName("[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object")
    void unknownFields() {
        var path = "/apis/apps/v1/namespaces/default/deployments/strict?fieldManager=m&fieldValidation=Strict";
        var unknown =
                calls.send("PATCH", path, APPLY, DEPLOYMENT.formatted("strict", "", "unknown1: v, unknownDupe: v, "));
        // Nobody could own such a field, so that an apply is refused whatever fieldValidation says.
        unknown.expect(500);
        assertThat(unknown.message()).contains(".spec.unknown1: field not declared in schema");
        var twice = calls.send(
                "POST",
                "/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict",
                "application/json",
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"paused\":true,\"paused\":false,\"x\":1}}");
        twice.expect(400);
        assertThat(twice.message())
                .endsWith("strict decoding error: duplicate field \"spec.paused\", unknown field \"spec.x\"");
    }

    @Test
    @DisplayName("[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object")
    void unknownMetadata() {
        var answer = calls.send(
                "PATCH",
                "/apis/apps/v1/namespaces/default/deployments/strict?fieldManager=m&fieldValidation=Strict",
                APPLY,
                DEPLOYMENT.formatted("strict", ", unknownMeta: foo", ""));
        answer.expect(500);
        assertThat(answer.message()).contains(".metadata.unknownMeta: field not declared in schema");
    }

    private Calls.Answer apply(String group, String name, String more) {
        return calls.send(
                "PATCH",
                "/apis/" + group + "/v1/namespaces/default/foos/" + name + "?fieldManager=m&fieldValidation=Strict",
                APPLY,
                "{apiVersion: " + group + "/v1, kind: Foo, metadata: {name: " + name + "}, " + more + "}");
    }

    @ParameterizedTest(name = "[sig-api-machinery] FieldValidation should {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "create/apply a CR with unknown fields for CRD with no validation schema | noschema | {type: object, x-kubernetes-preserve-unknown-fields: true} | spec: {foo: foo1, cronSpec: '* * * * */5'} | ",
                "create/apply a valid CR for CRD with validation schema | valid | {type: object, properties: {spec: {type: object, properties: {foo: {type: string}, ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [port], items: {type: object, required: [port], properties: {port: {type: integer}}}}}}}} | spec: {foo: foo1, ports: [{port: 80}]} | ",
                "create/apply an invalid CR with extra properties for CRD with validation schema | extra | {type: object, properties: {spec: {type: object, properties: {foo: {type: string}}}}} | spec: {foo: foo1, unknown: x} | .spec.unknown: field not declared in schema",
                "detect unknown metadata fields in both the root and embedded object of a CR | embedded | {type: object, properties: {spec: {type: object, properties: {template: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}}}}} | spec: {template: {apiVersion: v1, kind: X, metadata: {name: a, unknownSubMeta: b}}} | .spec.template.metadata.unknownSubMeta: field not declared in schema",
            })
    void customFields(String what, String word, String schema, String fields, String error) {
        var group = word + ".fields.example.com";
        define(group, "foos", "Foo", version("v1", true, schema));
        calls.until(
                "/apis/" + group + "/v1/namespaces/default/foos",
                read -> read.get("kind").string().equals("FooList"));
        var answer = apply(group, "a", fields);
        if (error == null) {
            answer.expect(201);
        } else {
            answer.expect(500);
            assertThat(answer.message()).contains(error);
        }
    }
}
