package io.navarch.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.schema.admission.User;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyRuleTest {
    private static final User JANE = User.of("jane");

    private static PolicyRule resources(String verbs, String groups, String resources, String... names) {
        return new PolicyRule(
                List.of(verbs.split(",")),
                List.of(groups.split(",", -1)),
                List.of(resources.split(",")),
                List.of(names),
                List.of());
    }

    private static AccessAttributes call(String verb, String group, String plural, String sub, String name) {
        return new AccessAttributes(JANE, verb, true, group, "v1", plural, sub, "ns", name, "", Selectors.NONE);
    }

    @Test
    void everyPartMustBeCovered() {
        var rule = resources("get,list", "apps", "deployments");
        assertThat(rule.allows(call("get", "apps", "deployments", "", "d"))).isTrue();
        assertThat(rule.allows(call("delete", "apps", "deployments", "", "d"))).isFalse();
        assertThat(rule.allows(call("get", "", "deployments", "", "d"))).isFalse();
        assertThat(rule.allows(call("get", "apps", "statefulsets", "", "d"))).isFalse();
    }

    @Test
    void aStarCoversEverything() {
        assertThat(resources("*", "*", "*").allows(call("delete", "g.io", "things", "status", "t")))
                .isTrue();
    }

    @Test
    void aResourceDoesNotCoverItsSubresources() {
        assertThat(resources("get", "", "pods").allows(call("get", "", "pods", "log", "p")))
                .isFalse();
        assertThat(resources("get", "", "pods/log").allows(call("get", "", "pods", "log", "p")))
                .isTrue();
        assertThat(resources("get", "", "pods/log").allows(call("get", "", "pods", "", "p")))
                .isFalse();
        assertThat(resources("get", "", "*/log").allows(call("get", "", "pods", "log", "p")))
                .isTrue();
        assertThat(resources("get", "", "*/log").allows(call("get", "", "pods", "", "p")))
                .isFalse();
    }

    @Test
    void namesNarrowARule() {
        var rule = resources("get", "", "secrets", "mine");
        assertThat(rule.allows(call("get", "", "secrets", "", "mine"))).isTrue();
        assertThat(rule.allows(call("get", "", "secrets", "", "yours"))).isFalse();
        assertThat(rule.allows(call("list", "", "secrets", "", ""))).isFalse();
    }

    @Test
    void pathsAreMatchedWholeOrUpToAStar() {
        var rule = new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of("/healthz", "/logs/*"));
        assertThat(rule.allows(AccessAttributes.ofPath(JANE, "get", "/healthz")))
                .isTrue();
        assertThat(rule.allows(AccessAttributes.ofPath(JANE, "get", "/healthz/ping")))
                .isFalse();
        assertThat(rule.allows(AccessAttributes.ofPath(JANE, "get", "/logs/a/b")))
                .isTrue();
        assertThat(rule.allows(AccessAttributes.ofPath(JANE, "post", "/healthz")))
                .isFalse();
        assertThat(resources("*", "*", "*").allows(AccessAttributes.ofPath(JANE, "get", "/healthz")))
                .isFalse();
    }
}
