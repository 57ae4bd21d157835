package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.Environment;
import io.navarch.agent.decide.References;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.model.ConfigMap;
import io.navarch.model.Pod;
import io.navarch.model.Secret;
import io.navarch.model.ServiceAccountTokenProjection;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VolumeFilesTest {
    private static final References REFERENCES = new References(
            Map.of("map", ConfigMap.of(yaml("{data: {a: '1'}, binaryData: {b: Mg==}}"))),
            Map.of("secret", Secret.of(yaml("{data: {word: c2VzYW1l}}"))));

    private static View yaml(String text) {
        return View.of(Yaml.parse(text));
    }

    /// The files of the pod's only volume, such as `path 644 content`.
    private static List<String> files(String volume, String spec) {
        var pod =
                Pod.of(yaml("{metadata: {name: p, namespace: ns, uid: u, labels: {app: x}}, spec: {volumes: [{name: v, "
                        + volume + "}]" + spec + "}}"));
        var environment = new Environment(pod, "192.0.2.1", "10.0.0.1", Map.of(), REFERENCES);
        var tokens = Map.of(ServiceAccountTokenProjection.of(yaml("{path: token}")), "secret token");
        return new VolumeFiles(pod, environment, tokens)
                .of(pod.spec().volumes().getFirst()).entrySet().stream()
                        .map(file -> file.getKey() + " "
                                + Integer.toOctalString(file.getValue().mode()) + " "
                                + file.getValue().text())
                        .toList();
    }

    private static List<String> files(String volume) {
        return files(volume, "");
    }

    @Test
    void aConfigMapIsAFileAKey() {
        assertThat(files("configMap: {name: map}")).containsExactly("a 644 1", "b 644 2");
        assertThat(files("configMap: {name: map, defaultMode: 256}")).containsExactly("a 400 1", "b 400 2");
    }

    @Test
    void itemsChooseKeysPathsAndModes() {
        assertThat(files("secret: {secretName: secret, items: [{key: word, path: deep/word, mode: 384}]}"))
                .containsExactly("deep/word 600 sesame");
    }

    @Test
    void theDownwardApiShowsFieldsAndResources() {
        assertThat(files(
                        "downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: cpu, resourceFieldRef: {containerName: c, resource: requests.cpu}}]}",
                        ", containers: [{name: c, resources: {requests: {cpu: '2'}}}]"))
                .containsExactly("cpu 644 2", "labels 644 app=\"x\"");
    }

    @Test
    void aProjectionPutsThemTogether() {
        var sources = "projected: {defaultMode: 256, sources: [{configMap: {name: map, items: [{key: a, path: a}]}}, "
                + "{secret: {name: secret}}, {serviceAccountToken: {path: token}}]}";
        assertThat(files(sources)).containsExactly("a 400 1", "token 400 secret token", "word 400 sesame");
        assertThat(files(sources, ", securityContext: {fsGroup: 5}")).contains("token 600 secret token");
        assertThat(files(sources, ", containers: [{name: c, securityContext: {runAsUser: 7}}]"))
                .contains("token 600 secret token");
        assertThat(files(sources, ", containers: [{name: c, securityContext: {runAsUser: 7}}, {name: d}]"))
                .contains("token 400 secret token");
    }

    @Test
    void whatIsMissingIsAnErrorUnlessItIsOptional() {
        assertThat(files("configMap: {name: none, optional: true}")).isEmpty();
        assertThatThrownBy(() -> files("secret: {secretName: none}"))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage("secret \"none\" not found");
        assertThatThrownBy(() -> files("configMap: {name: map, items: [{key: none, path: x}]}"))
                .hasMessage("references non-existent config key: none");
        assertThatThrownBy(() -> files("projected: {sources: [{clusterTrustBundle: {name: b, path: p}}]}"))
                .isInstanceOf(UnresolvedException.class);
        assertThatThrownBy(() -> files("iscsi: {targetPortal: t}"))
                .hasMessage("volume \"v\" of type iscsi is not supported by this node");
    }
}
