package io.navarch.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.event.EventKinds;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInKindsTest {
    private final Types types = BuiltInKinds.types();

    private KindDefinition kind(String name) {
        return BuiltInKinds.all(types).stream()
                .filter(kind -> kind.kind().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(String text) {
        return (Map<String, Object>) Yaml.parse(text);
    }

    private static final String POD = "{metadata: {name: a}, spec: {containers: [{name: c, image: nginx}]}}";

    @Test
    void everyKindHasItsOwnPlaceAndAResolvableSchema() {
        var kinds = BuiltInKinds.all(types);
        assertThat(kinds).extracting(KindDefinition::qualified).doesNotHaveDuplicates();
        for (var kind : kinds)
            assertThat(kind.storage().schema().properties()).as(kind.kind()).isNotEmpty();
    }

    @Test
    void defaultsAreThoseOfThePublishedApiAndApplyOnce() {
        var pod = yaml(POD);
        kind("Pod").applyDefaults(pod);
        var spec = View.of(pod).spec();
        assertThat(spec.get("restartPolicy").string()).isEqualTo("Always");
        assertThat(spec.get("containers").at(0).get("imagePullPolicy").string()).isEqualTo("Always");
        var again = Trees.copy(pod);
        kind("Pod").applyDefaults(again);
        assertThat(again).isEqualTo(pod);
    }

    @Test
    void eventsExpireWhenOneLikesAndNothingElseDoes() {
        var kept = EventKinds.kept(Duration.ofMinutes(7), BuiltInKinds.all(types));
        for (var kind : kept)
            assertThat(kind.timeToLive(View.ABSENT))
                    .as(kind.qualified())
                    .isEqualTo(kind.kind().equals("Event") ? Duration.ofMinutes(7) : Duration.ZERO);
        assertThat(kept).filteredOn(kind -> kind.kind().equals("Event")).hasSize(2);
    }

    @Test
    void theSlidesBareStrategyIsTakenAsAType() {
        var deployment = yaml("{spec: {strategy: RollingUpdate}}");
        assertThat(kind("Deployment").readOldForm(deployment)).hasSize(1);
        assertThat(View.of(deployment).spec().get("strategy", "type").string()).isEqualTo("RollingUpdate");
    }

    @Test
    void theSlidesIngressConvertsThereAndBack() {
        var legacy = BuiltInKinds.all(types).stream()
                .filter(kind -> kind.group().equals("extensions"))
                .findFirst()
                .orElseThrow()
                .storage();
        var sent = yaml(
                "{apiVersion: extensions/v1beta1, kind: Ingress, spec: {rules: [{http: {paths: [{path: /, backend: {serviceName: s, servicePort: 80}}]}}]}}");
        var stored = legacy.toStorage().apply(Trees.copy(sent));
        var path =
                View.of(stored).spec().get("rules").at(0).get("http", "paths").at(0);
        assertThat(path.get("backend", "service", "port").get("number").longOr(0))
                .isEqualTo(80);
        assertThat(kind("Ingress").check(View.of(stored), View.ABSENT)).isEmpty();
        var back = View.of(legacy.fromStorage().apply(stored))
                .spec()
                .get("rules")
                .at(0)
                .get("http", "paths")
                .at(0)
                .get("backend");
        assertThat(back.map()).isEqualTo(Map.of("serviceName", "s", "servicePort", 80L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{containers: []} | spec.containers: Required value",
                "{containers: [{name: c}]} | spec.containers[0].image: Required value",
                "{containers: [{name: C_, image: i}]} | spec.containers[0].name: Invalid value: \"C_\"",
                "{containers: [{name: c, image: i}, {name: c, image: i}]} | spec.containers[1].name: Duplicate value: \"c\"",
                "{containers: [{name: c, image: i, ports: [{containerPort: 70000}]}]} | spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /x}]}]} | spec.containers[0].volumeMounts[0].name: Not found: \"v\"",
                "{restartPolicy: Often, containers: [{name: c, image: i}]} | spec.restartPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"OnFailure\", \"Never\"",
                "{containers: [{name: c, image: i, resources: {limits: {cpu: 1}, requests: {cpu: 2}}}]} | spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1",
            })
    void badPodsAreNamedByField(String spec, String expected) {
        var errors = kind("Pod").check(View.of(yaml("{metadata: {name: a}, spec: " + spec + "}")), View.ABSENT);
        assertThat(errors).extracting(FieldError::toString).anyMatch(text -> text.startsWith(expected.strip()));
    }

    private View completed(String pod) {
        var object = yaml(pod);
        kind("Pod").applyDefaults(object);
        return View.of(object);
    }

    @Test
    void aPodsImageMayChangeAndItsCommandMayNot() {
        var old = completed(POD);
        assertThat(kind("Pod").check(completed(POD.replace("nginx", "nginx:latest")), old))
                .isEmpty();
        assertThat(kind("Pod").check(completed(POD.replace("image: nginx", "image: nginx, command: [x]")), old))
                .isNotEmpty();
    }

    @Test
    void protobufBodiesBecomeTheSameTreeAsJson() {
        var pod = io.kubernetes.client.proto.V1.Pod.newBuilder();
        pod.getMetadataBuilder().setName("a").putLabels("x", "y").setGeneration(0);
        pod.getSpecBuilder()
                .setTerminationGracePeriodSeconds(0)
                .addContainersBuilder()
                .setName("c")
                .setImage("i")
                .getReadinessProbeBuilder()
                .setPeriodSeconds(3)
                .getHandlerBuilder()
                .getHttpGetBuilder()
                .setPath("/")
                .getPortBuilder()
                .setType(0)
                .setIntVal(80);
        var meta = io.kubernetes.client.proto.Runtime.TypeMeta.newBuilder()
                .setApiVersion("v1")
                .setKind("Pod");
        var unknown = io.kubernetes.client.proto.Runtime.Unknown.newBuilder()
                .setTypeMeta(meta)
                .setRaw(pod.build().toByteString())
                .build()
                .toByteArray();
        var bytes = new byte[unknown.length + 4];
        System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, bytes, 0, 4);
        System.arraycopy(unknown, 0, bytes, 4, unknown.length);
        var tree = new Protobuf(new ProtobufMessages(types::message, () -> types.get("V1JSONSchemaProps")), types::find)
                .decode(bytes);
        assertThat(tree)
                .isEqualTo(
                        yaml(
                                "{kind: Pod, apiVersion: v1, metadata: {name: a, labels: {x: 'y'}}, spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: i, readinessProbe: {periodSeconds: 3, httpGet: {path: /, port: 80}}}]}}"));
    }
}
