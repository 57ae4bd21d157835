package io.navarch.kinds.resourceclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.kinds.support.ObjectsInMemory;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminAccessTest {
    private static final String ASKED = "spec: {devices: {requests: [{name: a, exactly: {}},"
            + " {name: b, exactly: {deviceClassName: c, adminAccess: true}}]}}";
    private static final String GRANTED = "status: {allocation: {devices: {results: [{adminAccess: true}]}}}";

    private final ObjectsInMemory objects = new ObjectsInMemory()
            .with("namespaces", "metadata: {name: plain}")
            .with("namespaces", "metadata: {name: watched, labels: {resource.kubernetes.io/admin-access: 'true'}}");
    private final AdminAccess access = new AdminAccess();

    private static Admission.Attributes call(
            Operation operation, String resource, String subresource, String namespace) {
        return new Admission.Attributes(
                operation,
                "resource.k8s.io",
                "v1",
                resource,
                subresource,
                namespace,
                "x",
                "",
                "",
                List.of(),
                Map.of(),
                warning -> {});
    }

    private static View tree(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    private void create(String resource, String namespace, String yaml) {
        var call = call(Operation.CREATE, resource, "", namespace);
        assertThat(access.handles(call)).isTrue();
        access.validate(call, tree(yaml), View.ABSENT, objects);
    }

    @Test
    void whatOthersUseMayBeAskedForInMarkedNamespacesOnly() {
        assertThatThrownBy(() -> create("resourceclaims", "plain", ASKED))
                .hasMessageContaining(
                        "spec.devices.requests[1].adminAccess: Forbidden: admin access to devices requires"
                                + " the `resource.kubernetes.io/admin-access: true` label on the containing namespace");
        assertThatCode(() -> create("resourceclaims", "watched", ASKED)).doesNotThrowAnyException();
        assertThatCode(() -> create("resourceclaims", "plain", "spec: {}")).doesNotThrowAnyException();
    }

    @Test
    void templatesAreAskedTheSame() {
        var template = "spec: {" + ASKED + "}";
        assertThatThrownBy(() -> create("resourceclaimtemplates", "plain", template))
                .hasMessageContaining("spec.devices.requests[1].adminAccess");
        assertThatCode(() -> create("resourceclaimtemplates", "watched", template))
                .doesNotThrowAnyException();
    }

    @Test
    void whatWasGrantedStays() {
        var call = call(Operation.UPDATE, "resourceclaims", "status", "plain");
        assertThat(access.handles(call)).isTrue();
        assertThatThrownBy(() -> access.validate(call, tree(GRANTED), tree("spec: {}"), objects))
                .hasMessageContaining("status.allocation.devices.results[0].adminAccess: Forbidden");
        assertThatCode(() -> access.validate(call, tree(GRANTED), tree(GRANTED), objects))
                .doesNotThrowAnyException();
        assertThat(access.handles(call(Operation.UPDATE, "resourceclaims", "", "plain")))
                .isFalse();
    }
}
