package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.pod.PodManifest.InvalidException;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodQosClass;
import io.navarch.model.TaintEffect;
import io.navarch.model.TolerationOperator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodManifestTest {
    private static final String SPEC = "spec: {containers: [{name: c, image: i}]}\n";

    private final PodManifest manifests = new PodManifest(BuiltInKinds.types());

    private Pod read(String text, String node, String file) throws InvalidException {
        return manifests.read(text.getBytes(StandardCharsets.UTF_8), node, file);
    }

    private Pod read(String text) throws InvalidException {
        return read(text, "node1", "/m/web.yaml");
    }

    private static String pod(String metadata, String spec) {
        return "apiVersion: v1\nkind: Pod\nmetadata: " + metadata + "\n" + spec;
    }

    @Test
    void aPodIsCompleteAndTheNodesOwn() throws InvalidException {
        var pod = read(pod("{name: web}", SPEC));
        assertThat(pod.name()).isEqualTo("web-node1");
        assertThat(pod.namespace()).isEqualTo("default");
        assertThat(pod.uid()).matches("[0-9a-f]{32}");
        assertThat(pod.metadata().annotations())
                .containsEntry(PodManifest.HASH, pod.uid())
                .containsEntry(PodManifest.SOURCE, "file")
                .doesNotContainKey(Pods.MIRROR);
        assertThat(pod.spec().nodeName()).isEqualTo("node1");
        assertThat(pod.spec().terminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(pod.spec().serviceAccountName()).isEmpty();
        assertThat(pod.spec().tolerations()).singleElement().satisfies(toleration -> {
            assertThat(toleration.operator()).isEqualTo(TolerationOperator.EXISTS);
            assertThat(toleration.effect()).isEqualTo(TaintEffect.NO_EXECUTE);
            assertThat(toleration.key()).isEmpty();
        });
        assertThat(pod.status().phase()).isEqualTo(PodPhase.PENDING);
        assertThat(pod.status().qosClass()).isEqualTo(PodQosClass.BEST_EFFORT);
    }

    @Test
    void whatIsSaidIsTheUidNotHow() throws InvalidException {
        var yaml = read(pod("{name: web, namespace: x}", SPEC));
        var json = read("""
                {"kind": "Pod", "apiVersion": "v1",
                 "metadata": {"namespace": "x", "name": "web"},
                 "spec": {"containers": [{"image": "i", "name": "c"}]}}
                """);
        assertThat(json).isEqualTo(yaml);
        assertThat(read(pod("{name: web, namespace: x}", "# said otherwise\n" + SPEC))
                        .uid())
                .isEqualTo(yaml.uid());
        assertThat(read(pod("{name: web, namespace: x, labels: {a: b}}", SPEC)).uid())
                .isNotEqualTo(yaml.uid());
        assertThat(read(pod("{name: web, namespace: x}", SPEC), "node2", "/m/web.yaml")
                        .uid())
                .isNotEqualTo(yaml.uid());
        assertThat(read(pod("{name: web, namespace: x}", SPEC), "node1", "/m/other.yaml")
                        .uid())
                .isNotEqualTo(yaml.uid());
    }

    @Test
    void whatOnlyTheNodeOrTheApiKnowsIsNotTaken() throws InvalidException {
        var pod = read(pod(
                "{name: web, uid: ../../etc, resourceVersion: '7', generation: 3,"
                        + " deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [a/b],"
                        + " annotations: {kubernetes.io/config.mirror: x, kubernetes.io/config.hash: other, own: z}}",
                SPEC + "status: {phase: Failed}\n"));
        assertThat(pod.uid()).matches("[0-9a-f]{32}");
        assertThat(pod.metadata().annotations()).containsEntry("own", "z").containsEntry(PodManifest.HASH, pod.uid());
        assertThat(pod.metadata().annotations()).doesNotContainKey(Pods.MIRROR);
        assertThat(pod.deleting()).isFalse();
        assertThat(pod.resourceVersion()).isEmpty();
        assertThat(pod.metadata().hasGeneration()).isFalse();
        assertThat(pod.metadata().finalizers()).isEmpty();
        assertThat(pod.status().phase()).isEqualTo(PodPhase.PENDING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccountName: a | serviceaccounts",
                "imagePullSecrets: [{name: s}] | secrets",
                "volumes: [{name: v, secret: {secretName: s}}] | secrets",
                "volumes: [{name: v, configMap: {name: m}}] | configmaps",
                "volumes: [{name: v, persistentVolumeClaim: {claimName: p}}] | persistentvolumeclaims",
                "volumes: [{name: v, projected: {sources: [{configMap: {name: m}}]}}] | configmaps",
                "volumes: [{name: v, csi: {driver: d.example}}] | csidrivers (via CSI volumes)",
                "resourceClaims: [{name: r, resourceClaimName: r}] | resourceclaims"
            })
    void itMayNeedNothingOfTheApi(String field, String what) {
        assertThatThrownBy(() -> read(pod("{name: web}", "spec: {containers: [{name: c, image: i}], " + field + "}\n")))
                .isInstanceOf(InvalidException.class)
                .hasMessage("static pods may not reference " + what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "a: b: c",
                "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: 7\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: ../x}\nspec: {containers: [{name: c, image: i}]}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: ../y}\nspec: {containers: [{name: c, image: i}]}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: ../c, image: i}]}\n",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: {a b: c}}\nspec: {containers: [{name: c, image: i}]}\n"
            })
    void whatIsNoPodIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidException.class);
    }

    @Test
    void manyAliasesDoNotFillTheMemory() {
        var text =
                new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\na0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8)));
        assertThatThrownBy(() -> read(text.toString())).isInstanceOf(InvalidException.class);
    }
}
