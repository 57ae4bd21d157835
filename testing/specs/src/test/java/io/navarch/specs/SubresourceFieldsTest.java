package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fields that nobody knows, or that are there twice, in what is sent to subresources: refused, told of, or
/// passed over, as the client wants. The texts are those of kube-apiserver 1.36.3.
class SubresourceFieldsTest {
    private static final String POD = "/api/v1/namespaces/default/pods/p";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private void exist() {
        calls.tryPost(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: p}, spec: {schedulerName: nobody, containers: [{name: c, image: i}]}}");
        calls.tryPost(
                "/apis/apps/v1/namespaces/default/deployments",
                "{metadata: {name: d}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}");
        calls.tryPost("/api/v1/namespaces", "{metadata: {name: space}}");
    }

    private Calls.Answer json(String method, String path, String validation, String body) {
        var uri = path + "?dryRun=All" + (validation.isEmpty() ? "" : "&fieldValidation=" + validation);
        var type = method.equals("PATCH") ? Calls.MERGE : "application/json";
        return calls.send(method, uri, type, body.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /api/v1/namespaces/default/pods/p/binding | Binding | v1 | {'metadata':{'name':'p','x':1},'target':{'kind':'Node','kind':'Node','name':'n','y':1}} | unknown field "metadata.x", duplicate field "target.kind", unknown field "target.y"
            POST | /api/v1/namespaces/default/pods/p/eviction | Eviction | v1 | {'metadata':{'name':'p'},'deleteOptions':{'x':1},'y':2} | unknown field "deleteOptions.x", unknown field "y"
            POST | /api/v1/namespaces/default/serviceaccounts/default/token | TokenRequest | v1 | {'spec':{'x':1,'audiences':['a'],'audiences':['a']}} | unknown field "spec.x", duplicate field "spec.audiences"
            PUT | /apis/apps/v1/namespaces/default/deployments/d/scale | Scale | v1 | {'metadata':{'name':'d'},'spec':{'replicas':0,'replicas':0,'x':1}} | duplicate field "spec.replicas", unknown field "spec.x"
            PUT | /api/v1/namespaces/space/finalize | Namespace | v1 | {'metadata':{'name':'space'},'spec':{'x':1,'finalizers':['kubernetes']}} | unknown field "spec.x"
            """)
    void whatIsSentWhole(String method, String path, String kind, String version, String body, String told) {
        exist();
        var strict = json(method, path, "Strict", body);
        assertThat(strict.code()).as(strict.message()).isEqualTo(400);
        assertThat(strict.message())
                .isEqualTo(kind + " in version \"" + version + "\" cannot be handled as a " + kind
                        + ": strict decoding error: " + told);
        for (var validation : new String[] {"", "Warn"}) {
            var warned = json(method, path, validation, body);
            assertThat(warned.code()).as("%s", warned.body()).isLessThan(300);
            for (var complaint : told.split(", "))
                assertThat(warned.warnings()).contains("299 - \"" + complaint.replace("\"", "\\\"") + "\"");
        }
        var silent = json(method, path, "Ignore", body);
        assertThat(silent.code()).isLessThan(300);
        assertThat(silent.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /apis/apps/v1/namespaces/default/deployments/d/scale | {'spec':{'x':1}} | unknown field "spec.x"
            /api/v1/namespaces/default/pods/p/ephemeralcontainers | {'spec':{'x':1}} | unknown field "spec.x"
            /api/v1/namespaces/default/pods/p/resize | {'spec':{'x':1}} | unknown field "spec.x"
            /api/v1/namespaces/default/pods/p/status | {'status':{'x':1}} | unknown field "status.x"
            """)
    void whatIsPatched(String path, String body, String told) {
        exist();
        var strict = json("PATCH", path, "Strict", body);
        assertThat(strict.code()).as(strict.message()).isEqualTo(422);
        assertThat(strict.message()).endsWith("strict decoding error: " + told);
        var warned = json("PATCH", path, "", body);
        assertThat(warned.code()).as("%s", warned.body()).isEqualTo(200);
        assertThat(warned.warnings()).isEqualTo("299 - \"" + told.replace("\"", "\\\"") + "\"");
        assertThat(json("PATCH", path, "Ignore", body).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /api/v1/namespaces/default/pods/p/eviction | {'deleteOptions':{'gracePeriodSeconds':'x'}} | Eviction in version "v1" cannot be handled as a Eviction: json: cannot unmarshal string into Go struct field DeleteOptions.deleteOptions.gracePeriodSeconds of type int64
            PUT | /apis/apps/v1/namespaces/default/deployments/d/scale | {'spec':{'replicas':'1'}} | Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32
            POST | /api/v1/namespaces/default/serviceaccounts/default/token | {'spec':[]} | TokenRequest in version "v1" cannot be handled as a TokenRequest: json: cannot unmarshal array into Go struct field TokenRequest.spec of type v1.TokenRequestSpec
            """)
    void typesAreChecked(String method, String path, String body, String told) {
        exist();
        var refused = json(method, path, "", body);
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo(told);
    }

    @Test
    void optionsAreOfTheirOwnKind() {
        exist();
        var refused = json("POST", POD + "/eviction", "Some", "{}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message()).startsWith("CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation");
        var empty = json("POST", POD + "/eviction", "", "");
        assertThat(empty.code()).as("%s", empty.body()).isEqualTo(400);
        assertThat(empty.message())
                .isEqualTo("the object provided is unrecognized (must be of type Eviction): couldn't get version/kind;"
                        + " json parse error: unexpected end of JSON input (<empty>)");
    }

    /// Nobody is told of what options for a deletion do not know.
    @Test
    void deletions() {
        exist();
        for (var validation : new String[] {"Strict", "Warn"}) {
            var deleted = json("DELETE", POD, validation, "{'x':1,'dryRun':['All']}");
            assertThat(deleted.code()).isEqualTo(200);
            assertThat(deleted.warnings()).isEmpty();
        }
    }

    /// An approval is an object of its kind.
    @Test
    void approvals() {
        var request = View.of(
                PlaneUnderTest.yaml(
                        "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: none}, spec: {x: 1}}"));
        var refused = calls.send(
                "PUT",
                "/apis/certificates.k8s.io/v1/certificatesigningrequests/none/approval?fieldValidation=Strict",
                "application/json",
                Json.writeString(request.value()));
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).endsWith("strict decoding error: unknown field \"spec.x\"");
    }
}
