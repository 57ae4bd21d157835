package io.navarch.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamingTest {
    @ParameterizedTest
    @CsvSource({
        "nodeName, NODE_NAME",
        "podIP, POD_IP",
        "podCIDRs, POD_CIDRS",
        "clusterIPs, CLUSTER_IPS",
        "hostPID, HOST_PID",
        "ReadWriteOnce, READ_WRITE_ONCE",
        "PIDPressure, PID_PRESSURE",
        "$ref, REF",
        "x-kubernetes-list-type, X_KUBERNETES_LIST_TYPE",
        "*, ANY",
        "IPv4, IPV4"
    })
    void constantsAreWordsInCapitals(String name, String constant) {
        assertThat(Naming.constant(name)).isEqualTo(constant);
    }

    @ParameterizedTest
    @CsvSource({"default, defaultValue", "$ref, ref", "x-kubernetes-validations, xKubernetesValidations", "spec, spec"})
    void methodsAreCalledAsTheirFields(String field, String method) {
        assertThat(Naming.method(field)).isEqualTo(method);
    }

    @Test
    void kindsAndTheCoreGetTheShortNames() {
        var naming = new Naming(
                List.of(
                        "CoreV1ResourceClaim",
                        "ResourceV1ResourceClaim",
                        "CoreV1Event",
                        "EventsV1Event",
                        "V1HorizontalPodAutoscaler",
                        "V2HorizontalPodAutoscaler",
                        "V1PodList",
                        "V1beta1Pod"),
                Set.of("ResourceV1ResourceClaim", "CoreV1Event", "EventsV1Event", "V2HorizontalPodAutoscaler"));
        assertThat(naming.types())
                .containsEntry("ResourceV1ResourceClaim", "ResourceClaim")
                .containsEntry("CoreV1ResourceClaim", "CoreResourceClaim")
                .containsEntry("CoreV1Event", "Event")
                .containsEntry("EventsV1Event", "EventsEvent")
                .containsEntry("V2HorizontalPodAutoscaler", "HorizontalPodAutoscaler")
                .containsEntry("V1HorizontalPodAutoscaler", "HorizontalPodAutoscalerV1")
                .doesNotContainKey("V1PodList")
                .doesNotContainKey("V1beta1Pod");
    }
}
