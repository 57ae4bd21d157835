package io.navarch.kinds.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.AnyObject;
import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.SubjectKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefaultRolesTest {
    private static Map<String, Object> find(String kind, String name) {
        return DefaultRoles.all().stream()
                .filter(each -> new AnyObject(each).kind().equals(kind)
                        && new AnyObject(each).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ClusterRole role(String name) {
        return new ClusterRole(find("ClusterRole", name));
    }

    @Test
    void everyRoleThatIsBoundExists() {
        var objects = DefaultRoles.all().stream().map(AnyObject::new).toList();
        var bindings = objects.stream()
                .filter(each -> each.kind().equals("ClusterRoleBinding"))
                .toList();
        assertThat(bindings).hasSizeGreaterThan(10);
        for (var binding : bindings) assertThat(role(binding.name()).rules()).isNotEmpty();
    }

    @Test
    void whoMayWriteMayReadByTheSumOfTheParts() {
        assertThat(role("edit")
                        .aggregationRule()
                        .clusterRoleSelectors()
                        .getFirst()
                        .matchLabels())
                .isEqualTo(Map.of("rbac.authorization.k8s.io/aggregate-to-edit", "true"));
        assertThat(role("view").labels()).containsEntry("rbac.authorization.k8s.io/aggregate-to-edit", "true");
        assertThat(role("edit").rules()).isEmpty();
        var lists = role("system:aggregate-to-view").rules().stream()
                .filter(rule -> rule.resources().contains("configmaps"));
        assertThat(lists).allSatisfy(rule -> {
            assertThat(rule.apiGroups()).containsExactly("");
            assertThat(rule.verbs()).containsExactly("get", "list", "watch");
        });
    }

    @Test
    void rulesNamePathsAndSingleObjects() {
        assertThat(role("cluster-admin").rules().get(1).nonResourceURLs()).containsExactly("*");
        var lease = role("system:kube-scheduler").rules().get(2);
        assertThat(lease.resourceNames()).containsExactly("kube-scheduler");
    }

    @Test
    void subjectsAreAccountsUsersAndGroups() {
        var dns = new ClusterRoleBinding(find("ClusterRoleBinding", "system:kube-dns"))
                .subjects()
                .getFirst();
        assertThat(dns.kind()).isEqualTo(SubjectKind.SERVICE_ACCOUNT);
        assertThat(dns.namespace()).isEqualTo("kube-system");
        assertThat(new ClusterRoleBinding(find("ClusterRoleBinding", "system:node")).subjects())
                .isEmpty();
    }
}
