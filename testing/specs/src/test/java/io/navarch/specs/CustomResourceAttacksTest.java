package io.navarch.specs;

import static io.navarch.specs.Calls.APPLY;
import static io.navarch.specs.Calls.JSON_PATCH;
import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What somebody who may define resources cannot do: take over built-in ones, take another's names, stop the
/// server, or lose what finalizers protect.
class CustomResourceAttacksTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private static String definition(String group, String plural, String kind, String annotations, String version) {
        return "{metadata: {name: " + plural + "." + group + ", annotations: {" + annotations + "}}, spec: {group: "
                + group + ", scope: Namespaced, names: {plural: " + plural + ", kind: " + kind + "}, versions: [{name: "
                + version
                + ", served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}}";
    }

    private View define(String group, String plural, String kind, String version) {
        calls.post(CRDS, definition(group, plural, kind, "", version));
        return established(plural + "." + group);
    }

    private View established(String name) {
        return calls.until(
                CRDS + "/" + name, read -> read.condition("Established").equals("True"));
    }

    private static String message(View definition, String type) {
        return definition.status().get("conditions").stream()
                .filter(each -> each.get("type").string().equals(type))
                .map(each ->
                        each.get("reason").string() + ": " + each.get("message").string())
                .findFirst()
                .orElse("");
    }

    @Test
    void kindsOfKubernetesOwnGroupsNeedApproval() {
        var bare = definition("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", "", "v1");
        assertThat(calls.tryPost(CRDS, bare).expect(422).get("message").string())
                .contains("protected groups must have approval annotation \"api-approved.kubernetes.io\"");
        var claimed = "api-approved.kubernetes.io: 'https://github.com/kubernetes/kubernetes/pull/1'";
        calls.post(CRDS, definition("x.k8s.io", "things", "Thing", claimed, "v1"));
        var conformant = "KubernetesAPIApprovalPolicyConformant";
        var approved = calls.until(
                CRDS + "/things.x.k8s.io", read -> read.condition(conformant).equals("True"));
        assertThat(message(approved, conformant))
                .isEqualTo("ApprovedAnnotation: approved in https://github.com/kubernetes/kubernetes/pull/1");
        calls.patch(
                CRDS + "/things.x.k8s.io",
                MERGE,
                "{metadata: {annotations: {api-approved.kubernetes.io: 'unapproved, a trial'}}}");
        var bypassed = calls.until(
                CRDS + "/things.x.k8s.io", read -> read.condition(conformant).equals("False"));
        assertThat(message(bypassed, conformant))
                .isEqualTo("UnapprovedAnnotation: not approved: \"unapproved, a trial\"");
    }

    @Test
    void builtInKindsCannotBeTakenOver() {
        var trial = "api-approved.kubernetes.io: unapproved";
        calls.post(CRDS, definition("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", trial, "v1"));
        calls.post(CRDS, definition("rbac.authorization.k8s.io", "foos", "Foo", trial, "v1"));
        calls.post(
                CRDS,
                definition(
                        "apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", trial, "v2"));
        established("clusterroles.rbac.authorization.k8s.io");
        established("foos.rbac.authorization.k8s.io");
        established("customresourcedefinitions.apiextensions.k8s.io");
        assertThat(calls.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin")
                        .get("rules")
                        .list())
                .isNotEmpty();
        calls.tryGet("/apis/rbac.authorization.k8s.io/v1/foos").expect(404);
        var before = calls.count(CRDS);
        for (var name : new String[] {
            "clusterroles.rbac.authorization.k8s.io",
            "foos.rbac.authorization.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io"
        }) {
            calls.delete(CRDS + "/" + name).expect(200);
            calls.until(CRDS + "/" + name, read -> read.get("code").longOr(0) == 404);
        }
        assertThat(calls.count(CRDS)).isEqualTo(before - 3);
        assertThat(calls.count("/apis/rbac.authorization.k8s.io/v1/clusterroles"))
                .isPositive();
    }

    @Test
    void noDefinitionStopsTheOthers() {
        define("odd.example.com", "odds", "Odd", "v99999999999999999999");
        assertThat(calls.get("/apis").get("groups").stream()
                        .map(group -> group.get("name").string()))
                .contains("odd.example.com", "apps");
        calls.get("/apis/odd.example.com");
        for (var path : new String[] {"''", "'.'", "'.spec[99999999999]'", "'[0]'"}) {
            var selectable = definition("bad.example.com", "bads", "Bad", "", "v1")
                    .replace("storage: true,", "storage: true, selectableFields: [{jsonPath: " + path + "}],");
            assertThat(calls.tryPost(CRDS, selectable).code()).as(path).isEqualTo(422);
        }
        var columns =
                "additionalPrinterColumns: [{name: A, type: string, jsonPath: '.spec.a[99999999999999]'}, {name: B, type: date, jsonPath: .spec.b}, {name: C, type: integer, jsonPath: '.spec.c..d'}],";
        calls.post(
                CRDS,
                definition("cols.example.com", "cols", "Col", "", "v1")
                        .replace("storage: true,", "storage: true, " + columns));
        established("cols.cols.example.com");
        var all = "/apis/cols.example.com/v1/namespaces/default/cols";
        calls.post(
                all,
                "{apiVersion: cols.example.com/v1, kind: Col, metadata: {name: a}, spec: {a: [1], b: not-a-date, c: 1}}");
        var table = calls.send("GET", all, "", null, "Accept", TABLE).expect(200);
        assertThat(table.get("rows").list()).hasSize(1);
    }

    @Test
    void namesBelongToWhoeverCameFirst() {
        define("names.example.com", "firsts", "Same", "v1");
        calls.post(CRDS, definition("names.example.com", "seconds", "Same", "", "v1"));
        var second = calls.until(
                CRDS + "/seconds.names.example.com",
                read -> read.condition("NamesAccepted").equals("False"));
        assertThat(message(second, "NamesAccepted")).isEqualTo("ListKindConflict: \"SameList\" is already in use");
        assertThat(message(second, "Established")).isEqualTo("NotAccepted: not all names are accepted");
        assertThat(second.get("status", "acceptedNames", "plural").string()).isEqualTo("seconds");
        assertThat(second.get("status", "acceptedNames", "kind").string()).isEmpty();
        calls.tryGet("/apis/names.example.com/v1/seconds").expect(404);
        calls.delete(CRDS + "/firsts.names.example.com").expect(200);
        established("seconds.names.example.com");
        calls.get("/apis/names.example.com/v1/seconds");
    }

    /// The garbage collector deletes the dependents of what is absent, never those of what is not served.
    @Test
    void whatIsNotServedIsNotAbsent() {
        var key = new ObjectKey("default", "missing");
        assertThat(plane.client.findIfServed(Resources.CONFIG_MAPS, key))
                .hasValueSatisfying(found -> assertThat(found.exists()).isFalse());
        assertThat(plane.client.findIfServed(deployments("apps", "v99"), key)).isEmpty();
        assertThatThrownBy(() -> plane.client.findIfServed(deployments("never.example.com", "v1"), key))
                .hasMessageContaining("404");
    }

    private static ResourceType<View> deployments(String group, String version) {
        return ResourceType.untyped(group, version, "deployments", "Deployment", true);
    }

    @Test
    void definitionsWaitForTheFinalizersOfTheirObjects() {
        define("held.example.com", "helds", "Held", "v1");
        var all = "/apis/held.example.com/v1/namespaces/default/helds";
        var crd = CRDS + "/helds.held.example.com";
        calls.post(all, "{apiVersion: held.example.com/v1, kind: Held, metadata: {name: held, finalizers: [a.b/c]}}");
        calls.post(all, "{apiVersion: held.example.com/v1, kind: Held, metadata: {name: free}}");
        calls.delete(crd).expect(200);
        calls.until(all + "/free", read -> read.get("code").longOr(0) == 404);
        var going = calls.until(crd, read -> read.condition("Terminating").equals("True"));
        assertThat(message(
                        calls.until(crd, read -> message(read, "Terminating").startsWith("InstanceDeletionIn")),
                        "Terminating"))
                .isEqualTo("InstanceDeletionInProgress: CustomResource deletion is in progress");
        assertThat(going.metadata().get("finalizers").strings()).contains("customresourcecleanup.apiextensions.k8s.io");
        assertThat(calls.get(all + "/held").deleting()).isTrue();
        var refused = calls.tryPost(all, "{apiVersion: held.example.com/v1, kind: Held, metadata: {name: late}}");
        assertThat(refused.expect(403).get("message").string())
                .isEqualTo(
                        "helds.held.example.com \"late\" is forbidden: create not allowed while custom resource definition is terminating");
        var applied = calls.tryPatch(
                all + "/late?fieldManager=m",
                APPLY,
                "{apiVersion: held.example.com/v1, kind: Held, metadata: {name: late}}");
        assertThat(applied.code()).isEqualTo(403);
        assertThat(calls.get("/apis/held.example.com/v1")
                        .get("resources")
                        .at(0)
                        .get("verbs")
                        .strings())
                .doesNotContain("create", "update", "patch");
        calls.patch(all + "/held", JSON_PATCH, "[{op: remove, path: /metadata/finalizers}]");
        calls.until(crd, read -> read.get("code").longOr(0) == 404);
        calls.tryGet(all).expect(404);
    }
}
