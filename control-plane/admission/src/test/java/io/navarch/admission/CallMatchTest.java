package io.navarch.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.Forms;
import io.navarch.apiserver.admission.ObjectType;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.Json;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which calls somebody is asked about.
class CallMatchTest {
    private static ServedResource resource(String group, String version, String plural, String kind) {
        return new ServedResource(group, version, plural, new ObjectType(group, version, kind));
    }

    private static final ServedResource PODS = resource("", "v1", "pods", "Pod");
    private static final ServedResource NAMESPACES = resource("", "v1", "namespaces", "Namespace");
    private static final ServedResource NEW_JOBS = resource("batch", "v1", "cronjobs", "CronJob");
    private static final ServedResource OLD_JOBS = resource("batch", "v1beta1", "cronjobs", "CronJob");

    private record Named(ServedResource asked, List<ServedResource> equivalents) implements Forms {
        @Override
        public Map<String, Object> show(Map<String, Object> object, ServedResource as) {
            return object;
        }

        @Override
        public Map<String, Object> merge(Map<String, Object> shown, Map<String, Object> part, ServedResource as) {
            return shown;
        }

        @Override
        public Map<String, Object> take(Map<String, Object> shown, ServedResource as) {
            return shown;
        }
    }

    private static AdmissionCall call(
            Operation operation, ServedResource asked, String subresource, String namespace, ServedResource... others) {
        return new AdmissionCall(
                operation,
                asked,
                subresource,
                namespace,
                "name",
                User.ANONYMOUS,
                false,
                View.ABSENT,
                new Named(asked, List.of(others)),
                0,
                new KeptRemarks());
    }

    private static CallRule rule(String json) {
        return CallRule.of(View.of(Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
    }

    private static CallRule resources(String resources, String scope) {
        return rule("{'operations': ['*'], 'apiGroups': ['*'], 'apiVersions': ['*'], 'resources': ['" + resources
                + "'], 'scope': '" + scope + "'}");
    }

    private static boolean matches(CallRule rule, AdmissionCall call) {
        return rule.matches(call, call.asked());
    }

    @ParameterizedTest
    @CsvSource({
        "pods, '', true",
        "pods, status, false",
        "pods/status, status, true",
        "pods/status, '', false",
        "pods/*, '', true",
        "pods/*, exec, true",
        "'*', '', true",
        "'*', status, false",
        "'*/*', status, true",
        "'*/*', '', true",
        "'*/status', status, true",
        "'*/scale', status, false",
        "nodes, '', false",
        "services/*, status, false"
    })
    void resourcesAreNamedWithTheirSubresources(String named, String subresource, boolean expected) {
        assertThat(matches(resources(named, "*"), call(Operation.UPDATE, PODS, subresource, "n")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'*', n, true", "Namespaced, n, true", "Cluster, n, false", "Cluster, '', true", "Namespaced, '', false"
    })
    void aScopeIsThatOfTheCall(String scope, String namespace, boolean expected) {
        assertThat(matches(resources("*", scope), call(Operation.CREATE, PODS, "", namespace)))
                .isEqualTo(expected);
    }

    @Test
    void aNamespaceIsOfTheCluster() {
        var call = call(Operation.CREATE, NAMESPACES, "", "itself");
        assertThat(matches(resources("*", "Cluster"), call)).isTrue();
        assertThat(matches(resources("*", "Namespaced"), call)).isFalse();
    }

    @Test
    void operationsGroupsAndVersionsAreNamedOrAll() {
        var rule = rule("{'operations': ['CREATE', 'CONNECT'], 'apiGroups': ['', 'batch'], 'apiVersions': ['v1'],"
                + " 'resources': ['*']}");
        assertThat(matches(rule, call(Operation.CREATE, PODS, "", "n"))).isTrue();
        assertThat(matches(rule, call(Operation.CONNECT, NEW_JOBS, "", "n"))).isTrue();
        assertThat(matches(rule, call(Operation.DELETE, PODS, "", "n"))).isFalse();
        assertThat(matches(rule, call(Operation.CREATE, OLD_JOBS, "", "n"))).isFalse();
        assertThat(matches(rule, call(Operation.CREATE, resource("apps", "v1", "x", "X"), "", "n")))
                .isFalse();
    }

    private static CallMatch match(boolean equivalent, LabelSelector namespaces, LabelSelector objects) {
        var rule = rule("{'operations': ['*'], 'apiGroups': ['batch'], 'apiVersions': ['v1beta1'], 'resources':"
                + " ['cronjobs']}");
        return new CallMatch(List.of(rule), List.of(), equivalent, namespaces, objects);
    }

    @Test
    void aCallCountsUnderAnotherVersionOnlyWhereThatIsWanted() {
        var call = call(Operation.CREATE, NEW_JOBS, "", "n", NEW_JOBS, OLD_JOBS);
        var all = LabelSelector.EVERYTHING;
        assertThat(match(true, all, all).resource(call)).contains(OLD_JOBS);
        assertThat(match(false, all, all).resource(call)).isEmpty();
        var direct = call(Operation.CREATE, OLD_JOBS, "", "n", NEW_JOBS, OLD_JOBS);
        assertThat(match(false, all, all).resource(direct)).contains(OLD_JOBS);
    }

    private static CallMatch.Labels labels(Map<String, String> namespace, List<Map<String, String>> objects) {
        return new CallMatch.Labels(() -> namespace, objects);
    }

    @Test
    void labelsOfTheNamespaceMatterForWhatIsInOne() {
        var blue = LabelSelector.ofLabels(Map.of("colour", "blue"));
        var match = match(true, blue, LabelSelector.EVERYTHING);
        var inside = call(Operation.CREATE, NEW_JOBS, "", "n");
        assertThat(match.selects(inside, labels(Map.of("colour", "blue"), List.of())))
                .isTrue();
        assertThat(match.selects(inside, labels(Map.of("colour", "red"), List.of())))
                .isFalse();
        var outside = call(Operation.CREATE, NEW_JOBS, "", "");
        assertThat(match.selects(outside, labels(Map.of(), List.of()))).isTrue();
        var itself = call(Operation.CREATE, NAMESPACES, "", "n");
        assertThat(match.selects(itself, labels(Map.of(), List.of()))).isFalse();
    }

    @Test
    void theOldObjectOrTheNewOneIsSelected() {
        var blue = LabelSelector.ofLabels(Map.of("colour", "blue"));
        var match = match(true, LabelSelector.EVERYTHING, blue);
        var call = call(Operation.UPDATE, NEW_JOBS, "", "n");
        assertThat(match.selects(call, labels(Map.of(), List.of(Map.of(), Map.of("colour", "blue")))))
                .isTrue();
        assertThat(match.selects(call, labels(Map.of(), List.of(Map.of("colour", "blue"), Map.of()))))
                .isTrue();
        assertThat(match.selects(call, labels(Map.of(), List.of(Map.of(), Map.of()))))
                .isFalse();
        assertThat(match.selects(call, labels(Map.of(), List.of()))).isFalse();
    }

    @Test
    void callsAreExcludedAndObjectsAreNamed() {
        var rule = rule("{'operations': ['*'], 'apiGroups': ['*'], 'apiVersions': ['*'], 'resources': ['*'],"
                + " 'resourceNames': ['name', 'other']}");
        var call = call(Operation.CREATE, PODS, "", "n");
        assertThat(matches(rule, call)).isTrue();
        var everything = LabelSelector.EVERYTHING;
        var excluding = new CallMatch(List.of(CallRule.ALL), List.of(rule), true, everything, everything);
        assertThat(excluding.resource(call)).isEmpty();
        assertThat(excluding.resource(call(Operation.CREATE, PODS, "status", "n")))
                .contains(PODS);
    }
}
