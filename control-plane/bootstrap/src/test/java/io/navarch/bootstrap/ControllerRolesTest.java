package io.navarch.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.SubjectKind;
import io.navarch.reconcile.ControllerWiring;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerRolesTest {
    private static final ControllerWiring WIRING = ControllerWiring.of("job-controller")
            .watches(Resources.JOBS, job -> List.of(job.key()))
            .reads(Resources.PODS)
            .may("batch", "jobs/status", "update")
            .build();

    private static PolicyRule rule(String group, String resource, String... verbs) {
        return PolicyRule.builder()
                .addApiGroups(group)
                .addResources(resource)
                .verbs(List.of(verbs))
                .build();
    }

    @Test
    void aRoleReadsInputsWritesOutputsAndRecordsEvents() {
        var role = new ClusterRole(ControllerRoles.of(List.of(WIRING)).getFirst());
        assertThat(role.name()).isEqualTo("system:controller:job-controller");
        assertThat(role.labels()).containsEntry("kubernetes.io/bootstrapping", "rbac-defaults");
        assertThat(role.rules())
                .containsExactly(
                        rule("", "pods", "get", "list", "watch"),
                        rule("batch", "jobs", "get", "list", "watch"),
                        rule("batch", "jobs/status", "update"),
                        rule("", "events", "create", "patch", "update"));
    }

    @Test
    void itIsBoundToTheControllersAccount() {
        var binding = new ClusterRoleBinding(ControllerRoles.of(List.of(WIRING)).getLast());
        var subject = binding.subjects().getFirst();
        assertThat(binding.roleRef().name()).isEqualTo("system:controller:job-controller");
        assertThat(subject.kind()).isEqualTo(SubjectKind.SERVICE_ACCOUNT);
        assertThat("system:serviceaccount:" + subject.namespace() + ":" + subject.name())
                .isEqualTo(ControllerRoles.account("job-controller"));
    }
}
