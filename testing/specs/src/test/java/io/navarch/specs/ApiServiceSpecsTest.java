package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who is registered for which part of the API, where no other server is.
class ApiServiceSpecsTest {
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    @RegisterExtension
    static final PlaneUnderTest SERVER = new PlaneUnderTest();

    private final Calls calls = new Calls(SERVER);

    private static View condition(View service) {
        return service.get("status", "conditions").find("type", "Available");
    }

    @Test
    void customGroupsHaveAnApiServiceAsLongAsTheyAre() {
        var definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        calls.post(
                definitions,
                "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: hats.wear.example.com},"
                        + " spec: {group: wear.example.com, scope: Namespaced, names: {plural: hats, kind: Hat}, versions: ["
                        + "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}");
        var made = calls.until(
                SERVICES + "/v1.wear.example.com", each -> each.get("spec").exists());
        assertThat(made.metadata()
                        .get("labels", "kube-aggregator.kubernetes.io/automanaged")
                        .string())
                .isEqualTo("true");
        assertThat(made.get("spec", "groupPriorityMinimum").longOr(0)).isEqualTo(1000);
        assertThat(made.get("spec", "versionPriority").longOr(0)).isEqualTo(100);
        assertThat(condition(made).get("reason").string()).isEqualTo("Local");
        calls.delete(SERVICES + "/v1.wear.example.com");
        calls.until(
                SERVICES + "/v1.wear.example.com",
                each -> each.metadata().exists()
                        && !each.metadata().get("uid").equals(made.metadata().get("uid")));
        calls.delete(definitions + "/hats.wear.example.com");
        PlaneUnderTest.eventually(
                () -> View.of(calls.tryGet(SERVICES + "/v1.wear.example.com").code()), code -> code.longOr(0) == 404);
    }

    @Test
    void extensionServersAreToldWhomToBelieve() {
        var data = SERVER.client
                .get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "extension-apiserver-authentication"))
                .data();
        assertThat(data)
                .containsEntry("client-ca-file", SERVER.authority())
                .containsEntry("requestheader-allowed-names", "[\"front-proxy-client\"]")
                .containsEntry("requestheader-username-headers", "[\"X-Remote-User\"]")
                .containsEntry("requestheader-group-headers", "[\"X-Remote-Group\"]")
                .containsEntry("requestheader-uid-headers", "[\"X-Remote-Uid\"]")
                .containsEntry("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
                .containsKey("requestheader-client-ca-file");
        assertThat(data.get("requestheader-client-ca-file")).doesNotContain(SERVER.authority());
    }

    /// Whoever answered this group could never be got rid of.
    @Test
    void nobodyElseAnswersForTheRegistrations() {
        calls.post(
                SERVICES,
                "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.apiregistration.k8s.io},"
                        + " spec: {group: apiregistration.k8s.io, version: v1, groupPriorityMinimum: 2000,"
                        + " versionPriority: 10, insecureSkipTLSVerify: true, service: {namespace: default, name: nothing}}}");
        calls.until(
                SERVICES + "/v1.apiregistration.k8s.io",
                each -> condition(each).get("reason").string().equals("ServiceNotFound"));
        calls.delete(SERVICES + "/v1.apiregistration.k8s.io").expect(200);
    }
}
