package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Transport;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Create, get, list here and everywhere, watch, patch, update, status, delete, delete many: what the conformance specs
/// "… should support … API operations" do, for every kind. Specs that ask just this run under their names.
class ApiOperationsTest {
    /// Their names follow from what they say, so there is one of each.
    private static final Set<String> SINGLE = Set.of("APIService", "CustomResourceDefinition", "IPAddress");

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    /// The conformance specs that ask for these operations of one kind.
    private static final Map<String, String> SPECS = Map.ofEntries(
            Map.entry(
                    "FlowSchema",
                    "[sig-api-machinery] API priority and fairness should support FlowSchema API operations"),
            Map.entry(
                    "PriorityLevelConfiguration",
                    "[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations"),
            policy("MutatingAdmissionPolicy", ""),
            policy("MutatingAdmissionPolicy", "Binding"),
            policy("ValidatingAdmissionPolicy", ""),
            policy("ValidatingAdmissionPolicy", "Binding"),
            Map.entry(
                    "CertificateSigningRequest",
                    "[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations"),
            Map.entry(
                    "EndpointSlice",
                    "[sig-network] EndpointSlice should support creating EndpointSlice API operations"),
            Map.entry("Ingress", "[sig-network] Ingress API should support creating Ingress API operations"),
            Map.entry(
                    "IngressClass",
                    "[sig-network] IngressClass API should support creating IngressClass API operations"),
            Map.entry(
                    "IPAddress", "[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations"),
            Map.entry("RuntimeClass", "[sig-node] RuntimeClass should support RuntimeClasses API operations"),
            Map.entry("DeviceClass", "[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass"),
            Map.entry("ResourceClaim", "[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim"),
            Map.entry("ResourceClaimTemplate", "[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate"),
            Map.entry("ResourceSlice", "[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice"),
            Map.entry(
                    "CSIStorageCapacity",
                    "[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations"));

    private static Map.Entry<String, String> policy(String sort, String suffix) {
        return Map.entry(
                sort + suffix,
                "[sig-api-machinery] " + sort + " [Privileged:ClusterAdmin] should support " + sort + suffix
                        + " API operations");
    }

    static Stream<Named<EveryKindTest.Sample>> samples() throws IOException {
        return EveryKindTest.samples()
                .map(sample -> Named.of(SPECS.getOrDefault(sample.kind().kind(), sample.toString()), sample));
    }

    @Test
    void everySpecIsOfAKind() throws IOException {
        assertThat(EveryKindTest.samples().map(sample -> sample.kind().kind())).containsAll(SPECS.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void theUsualOperationsWork(EveryKindTest.Sample sample) throws Exception {
        var type = sample.type();
        var namespace = sample.kind().namespaced() ? "default" : "";
        var names = new ArrayList<String>();
        int count = SINGLE.contains(sample.kind().kind()) ? 1 : 3;
        var base = View.of(sample.object()).name();
        for (int i = 0; i < count; i++) names.add(count == 1 ? base : "operations-" + i);
        var before = plane.client.list(type, namespace, "");
        try (var watch = new Watch(
                type, namespace, before.metadata().get("resourceVersion").string())) {
            for (var name : names) {
                var object = Trees.copy(sample.object());
                Trees.put(object, name, "metadata", "name");
                Trees.put(object, "api", "metadata", "labels", "operations");
                plane.client.create(type, object);
                assertThat(watch.next("ADDED").name()).isEqualTo(name);
            }
            var first = new ObjectKey(namespace, names.getFirst());
            assertThat(plane.client.get(type, first).name()).isEqualTo(first.name());
            assertThat(plane.client
                            .list(type, namespace, "labelSelector=operations%3Dapi")
                            .get("items")
                            .list())
                    .hasSize(count);
            assertThat(plane.client
                            .list(type, "", "labelSelector=operations%3Dapi")
                            .get("items")
                            .list())
                    .hasSize(count);
            plane.client.mergePatch(
                    type, first, "", Trees.map("metadata", Trees.map("annotations", Trees.map("p", "1"))));
            assertThat(watch.untilAnnotated("p")).isEqualTo("1");
            update(type, first);
            assertThat(watch.untilAnnotated("u")).isEqualTo("2");
            if (sample.kind().hasStatus()) status(type, first, sample.kind());
            plane.client.delete(type, first, "", 0L, "Background");
            assertThat(watch.next("DELETED").name()).isEqualTo(first.name());
            if (!sample.kind().verbs().contains("deletecollection")) return;
            plane.client.call(
                    "DELETE",
                    type.path(namespace, "", "") + "?labelSelector=operations%3Dapi",
                    "application/json",
                    null);
            for (int i = 1; i < count; i++) watch.next("DELETED");
            assertThat(plane.client
                            .list(type, namespace, "labelSelector=operations%3Dapi")
                            .get("items")
                            .list())
                    .isEmpty();
        } finally {
            for (var name : names) {
                var key = new ObjectKey(namespace, name);
                if (plane.client.find(type, key).exists()) plane.client.delete(type, key, "", 0L, "Background");
            }
        }
    }

    private static void update(ResourceType<View> type, ObjectKey key) throws InterruptedException {
        while (true) {
            var live = Trees.copy(plane.client.get(type, key).map());
            Trees.put(live, "2", "metadata", "annotations", "u");
            try {
                plane.client.update(type, live, "");
                return;
            } catch (ApiException e) {
                // A controller wrote in between.
                assertThat(e.reason()).isEqualTo(ApiException.Reason.CONFLICT);
                TaskScope.pause(5);
            }
        }
    }

    /// A status has its own way in, and the rest of the object is out of reach there.
    private static void status(ResourceType<View> type, ObjectKey key, KindDefinition kind) {
        assertThat(plane.client
                        .call("GET", type.path(key.namespace(), key.name(), "status"), "", null)
                        .name())
                .isEqualTo(key.name());
        var patched = plane.client.mergePatch(
                type,
                key,
                "status",
                Trees.map("metadata", Trees.map("annotations", Trees.map("s", "3")), "spec", Trees.map("x", 1L)));
        // Some kinds take no metadata there either.
        boolean kept = kind.reset("status").contains("metadata");
        assertThat(patched.annotation("s")).isEqualTo(kept ? "" : "3");
        assertThat(patched.spec().map()).doesNotContainKey("x");
    }

    /// Events of one collection, in order.
    private static final class Watch implements AutoCloseable {
        private final Transport.Response response;
        private final BufferedReader lines;

        Watch(ResourceType<View> type, String namespace, String version) {
            response = plane.client.stream(
                    "GET",
                    type.path(namespace, "", "")
                            + "?watch=1&timeoutSeconds=20&labelSelector=operations%3Dapi&resourceVersion=" + version);
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        private View event() throws IOException {
            var line = lines.readLine();
            assertThat(line).as("the watch ended").isNotNull();
            return View.of(Json.parse(line));
        }

        /// The object of the next event of this type; changes by controllers in between do not count.
        View next(String wanted) throws IOException {
            while (true) {
                var event = event();
                var kind = event.get("type").string();
                if (kind.equals(wanted)) return event.get("object");
                assertThat(kind).isEqualTo("MODIFIED");
            }
        }

        String untilAnnotated(String key) throws IOException {
            while (true) {
                var object = next("MODIFIED");
                Map<String, Object> annotations =
                        object.metadata().get("annotations").map();
                if (annotations.containsKey(key)) return String.valueOf(annotations.get(key));
            }
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
