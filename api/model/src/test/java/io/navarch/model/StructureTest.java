package io.navarch.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.IntOrString;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StructureTest {
    private static final Pod POD = Pod.of(View.of(Yaml.parse("""
            apiVersion: v1
            kind: Pod
            metadata:
              name: web-0
              namespace: shop
              creationTimestamp: "2026-01-01T00:00:00Z"
              labels: {app: web, odd: 7}
              ownerReferences:
              - {kind: ConfigMap, name: other}
              - {kind: StatefulSet, name: web, uid: u1, controller: true}
            spec:
              terminationGracePeriodSeconds: 0
              restartPolicy: OnFailure
              dnsPolicy: FromTheFuture
              hostNetwork: true
              containers:
              - name: a
                resources: {requests: {cpu: 250m}}
              - name: b
            status:
              phase: Running
              conditions:
              - {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:05Z"}
            """)));

    @Test
    void fieldsAreReadByTheirTypes() {
        assertThat(POD.name()).isEqualTo("web-0");
        assertThat(POD.key()).hasToString("shop/web-0");
        assertThat(POD.metadata().creationTimestamp()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(POD.spec().restartPolicy()).isEqualTo(RestartPolicy.ON_FAILURE);
        assertThat(POD.spec().hostNetwork()).isTrue();
        assertThat(POD.spec().containers()).extracting(Container::name).containsExactly("a", "b");
        assertThat(POD.spec().containers().getFirst().resources().requests())
                .containsEntry("cpu", Quantity.parse("250m"));
        assertThat(POD.status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(StatusCondition.isTrue(POD.status().conditions(), PodConditionType.READY))
                .isTrue();
        assertThat(POD.controller().name()).isEqualTo("web");
    }

    @Test
    void whatIsAbsentReadsAsNothing() {
        assertThat(POD.spec().nodeName()).isEmpty();
        assertThat(POD.spec().hasNodeName()).isFalse();
        assertThat(POD.spec().activeDeadlineSecondsOr(600)).isEqualTo(600);
        assertThat(POD.spec().volumes()).isEmpty();
        assertThat(POD.spec().affinity().exists()).isFalse();
        assertThat(POD.spec().affinity().nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution())
                .isEmpty();
        assertThat(POD.status().startTime()).isEmpty();
        assertThat(POD.status().qosClass()).isEqualTo(PodQosClass.UNSET);
        assertThat(POD.deleting()).isFalse();
        assertThat(Pod.ABSENT.metadata().name()).isEmpty();
    }

    @Test
    void zeroIsNotAbsent() {
        assertThat(POD.spec().terminationGracePeriodSeconds()).isZero();
        assertThat(POD.spec().hasTerminationGracePeriodSeconds()).isTrue();
        assertThat(POD.spec().terminationGracePeriodSecondsOr(30)).isZero();
    }

    @Test
    void aValueOfAnotherTypeOrFromAnotherVersionIsNeitherTrustedNorFatal() {
        assertThat(POD.labels()).containsOnlyKeys("app");
        assertThat(POD.spec().dnsPolicy()).isEqualTo(DnsPolicy.UNRECOGNIZED);
        assertThat(POD.spec().raw(PodSpec.DNS_POLICY).string()).isEqualTo("FromTheFuture");
        assertThat(new Pod("no object").spec().containers()).isEmpty();
    }

    @Test
    void structuresAreEqualWhenTheirTreesAre() {
        assertThat(POD.spec()).isEqualTo(POD.spec()).hasSameHashCodeAs(POD.spec());
        assertThat(POD.spec()).isNotEqualTo(new PodStatus(POD.spec().view().value()));
    }

    @Test
    void aBuilderLeavesTheOriginalAlone() {
        var changed = POD.toBuilder()
                .metadata(metadata -> metadata.putLabels("tier", "front").clearOwnerReferences())
                .spec(spec -> spec.nodeName("n1").editContainers(container -> container.image("nginx")))
                .status(status -> status.phase(PodPhase.SUCCEEDED).startTime(Instant.EPOCH))
                .build();
        assertThat(changed.labels()).containsEntry("tier", "front");
        assertThat(changed.controller().exists()).isFalse();
        assertThat(changed.spec().containers()).extracting(Container::image).containsOnly("nginx");
        assertThat(changed.status().phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(changed.status().startTime()).contains(Instant.EPOCH);
        assertThat(POD.labels()).doesNotContainKey("tier");
        assertThat(POD.spec().containers().getFirst().image()).isEmpty();
        assertThat(POD.controller().exists()).isTrue();
    }

    @Test
    void aBuilderWritesWhatTheApiReads() {
        var tree = Service.builder()
                .metadata(metadata -> metadata.name("s").labels(Map.of("a", "b")))
                .spec(spec -> spec.type(ServiceType.NODE_PORT)
                        .addPorts(port -> port.port(80).targetPort(IntOrString.of("http")))
                        .clusterIPs(List.of("10.0.0.1"))
                        .sessionAffinity(ServiceAffinity.UNSET))
                .map();
        assertThat(tree).isEqualTo(Yaml.parse("""
                                metadata: {name: s, labels: {a: b}}
                                spec:
                                  type: NodePort
                                  ports: [{port: 80, targetPort: http}]
                                  clusterIPs: [10.0.0.1]
                                """));
    }

    @Test
    void whatIsPutInIsCopied() {
        var spec = POD.spec();
        var template = PodTemplateSpec.builder().spec(spec);
        template.spec(copy -> copy.nodeName("elsewhere"));
        assertThat(spec.nodeName()).isEmpty();
        assertThat(template.spec(PodSpec.ABSENT).build().hasSpec()).isFalse();
    }

    @Test
    void editingChangesTheTreeItself() {
        var tree = POD.toBuilder().map();
        Pod.edit(tree).spec(spec -> spec.priority(5));
        assertThat(View.of(tree).get("spec", "priority").longOr(0)).isEqualTo(5);
    }
}
