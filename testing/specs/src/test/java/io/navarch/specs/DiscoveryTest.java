package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a client finds out about the API, against what a v1.36 server says.
class DiscoveryTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static View get(String path) {
        return plane.client.call("GET", path, "", new byte[0]);
    }

    private static List<String> facts() throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(
                DiscoveryTest.class.getResourceAsStream("v1.36-discovery.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().map(String::strip).toList();
        }
    }

    private static String line(String groupVersion, View resource) {
        var verbs = String.join(",", new TreeSet<>(resource.get("verbs").strings()));
        var namespaced = resource.get("namespaced").bool() ? "True" : "False";
        return (groupVersion + " " + resource.get("name").string() + " "
                        + resource.get("kind").string() + " " + namespaced + " " + verbs + " "
                        + String.join(",", resource.get("shortNames").strings()) + " "
                        + String.join(",", resource.get("categories").strings()))
                .strip();
    }

    @Test
    void everyResourceOfADefaultClusterIsServedAndNoOther() throws Exception {
        var served = new ArrayList<String>();
        var roots = new ArrayList<>(List.of("/api/v1"));
        for (var group : get("/apis").get("groups").views())
            for (var version : group.get("versions").views())
                roots.add("/apis/" + version.get("groupVersion").string());
        for (var root : roots) {
            var list = get(root);
            for (var resource : list.get("resources").views())
                served.add(line(list.get("groupVersion").string(), resource));
        }
        // The slides' old shape of Ingress is served beside what v1.36 has.
        served.removeIf(line -> line.startsWith("extensions/v1beta1 "));
        // And what nodes and pods take, which elsewhere a metrics-server has to be installed for.
        served.removeIf(line -> line.startsWith("metrics.k8s.io/v1beta1 "));
        assertThat(served).containsExactlyInAnyOrderElementsOf(facts());
    }

    @Test
    void bothFormsOfDiscoverySayTheSame() {
        var plain = new TreeSet<String>();
        for (var group : get("/apis").get("groups").views()) {
            for (var version : group.get("versions").views()) {
                var list = get("/apis/" + version.get("groupVersion").string());
                for (var resource : list.get("resources").views())
                    plain.add(list.get("groupVersion").string() + "/"
                            + resource.get("name").string());
            }
        }
        var aggregated = new TreeSet<String>();
        for (var group : plane.aggregated("/apis").get("items").views()) {
            for (var version : group.get("versions").views()) {
                for (var resource : version.get("resources").views()) {
                    var base = group.name() + "/" + version.get("version").string() + "/"
                            + resource.get("resource").string();
                    aggregated.add(base);
                    for (var sub : resource.get("subresources").views())
                        aggregated.add(base + "/" + sub.get("subresource").string());
                }
            }
        }
        assertThat(aggregated).isEqualTo(plain);
    }

    @Test
    void groupsNameTheirPreferredVersion() {
        var autoscaling = get("/apis").get("groups").find("name", "autoscaling");
        assertThat(autoscaling.get("preferredVersion", "version").string()).isEqualTo("v2");
        assertThat(get("/apis/autoscaling").get("versions").list()).hasSize(2);
    }
}
