package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.types.Types;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind through the whole pipeline, with its golden object and with damaged copies of it.
class EveryKindTest {
    private static final Path GOLDEN = Path.of("../../api/kinds/src/test/resources/io/navarch/kinds");
    private static final Types TYPES = BuiltInKinds.types();
    private static final Protobuf PROTOBUF =
            new Protobuf(new ProtobufMessages(TYPES::message, () -> TYPES.get("V1JSONSchemaProps")), TYPES::find);
    private static final int MUTATIONS = Integer.getInteger("mutations", 60);

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    record Sample(KindDefinition kind, ResourceType<View> type, Map<String, Object> object) {
        @Override
        public String toString() {
            return kind.qualified();
        }

        ObjectKey key() {
            return View.of(object).key();
        }
    }

    static Stream<Sample> samples() throws IOException {
        var samples = new ArrayList<Sample>();
        try (var folders = Files.list(GOLDEN)) {
            for (var folder : folders.sorted().toList()) {
                var object = View.of(Yaml.parse(Files.readString(folder.resolve("golden.yaml"))))
                        .get("accepted");
                for (var kind : BuiltInKinds.all(TYPES)) {
                    var version = object.get("apiVersion").string();
                    for (var served : kind.versions()) {
                        if (!kind.kind().equals(object.get("kind").string())
                                || !kind.apiVersion(served.name()).equals(version)) continue;
                        var type = ResourceType.untyped(
                                kind.group(), served.name(), kind.plural(), kind.kind(), kind.namespaced());
                        var tree = Trees.copy(object.map());
                        // A name of its own, where the name is free.
                        if (View.of(tree).name().equals("a")) Trees.put(tree, "every-kind", "metadata", "name");
                        samples.add(new Sample(kind, type, tree));
                    }
                }
            }
        }
        return samples.stream();
    }

    private static void remove(Sample sample, ObjectKey key) {
        if (!plane.client.find(sample.type, key).exists()) return;
        plane.client.mergePatch(sample.type, key, "", Trees.map("metadata", Trees.map("finalizers", null)));
        try {
            plane.client.delete(sample.type, key, "", 0L, "Background");
        } catch (ApiException e) {
            assertThat(e.reason()).isEqualTo(ApiException.Reason.NOT_FOUND);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsAcceptedIsReadBackListedWatchedAndDeleted(Sample sample) {
        remove(sample, sample.key());
        var made = plane.client.create(sample.type, Trees.copy(sample.object));
        try {
            var path = sample.type.path(made.namespace(), "", "");
            assertThat(made.metadata().get("uid").string()).isNotEmpty();
            var read = plane.client.get(sample.type, sample.key());
            // A controller may have written meanwhile, taints for one: then what was stored at the create counts.
            if (!read.resourceVersion().equals(made.resourceVersion())) read = asCreated(sample, made);
            assertThat(Trees.semanticEquals(withoutStatus(read), withoutStatus(made)))
                    .isTrue();
            var listed =
                    plane.client.list(sample.type, made.namespace(), "fieldSelector=metadata.name%3D" + made.name());
            assertThat(listed.get("kind").string()).isEqualTo(sample.kind.listKind());
            assertThat(listed.get("items").list()).hasSize(1);
            table(path, made.name());
            protobuf(sample, path, made);
            dryRun(sample, made);
        } finally {
            remove(sample, sample.key());
        }
    }

    private static View asCreated(Sample sample, View made) {
        var query = "fieldSelector=metadata.name%3D" + made.name() + "&resourceVersionMatch=Exact&resourceVersion="
                + made.resourceVersion();
        return plane.client
                .list(sample.type, made.namespace(), query)
                .get("items")
                .at(0);
    }

    /// Controllers may write the status meanwhile.
    private static Map<String, Object> withoutStatus(View object) {
        var tree = Trees.copy(object.map());
        tree.remove("status");
        for (var field : List.of("resourceVersion", "managedFields", "generation", "annotations", "finalizers"))
            Trees.remove(tree, "metadata", field);
        return tree;
    }

    private static void table(String path, String name) {
        var answer = plane.http(
                "GET",
                path + "?fieldSelector=metadata.name%3D" + name,
                null,
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io");
        var table = View.of(Json.parse(answer.body()));
        assertThat(table.get("kind").string()).isEqualTo("Table");
        var cells = table.get("rows").at(0).get("cells").list();
        assertThat(cells).hasSameSizeAs(table.get("columnDefinitions").list());
        assertThat(String.valueOf(cells)).contains(name);
    }

    /// The same object in protobuf, alone and in a list.
    private static void protobuf(Sample sample, String path, View made) {
        Map<String, Object> decoded;
        View read;
        do {
            var answer = plane.http("GET", path + "/" + made.name(), null, "Accept", Protobuf.MEDIA_TYPE);
            assertThat(answer.statusCode()).isEqualTo(200);
            decoded = PROTOBUF.decode(answer.body());
            read = plane.client.get(sample.type, sample.key());
            // A controller may have written between the two.
        } while (!read.resourceVersion().equals(View.of(decoded).resourceVersion()));
        // Defaults give objects within objects the kind and version that protobuf leaves out.
        sample.kind.applyDefaults(decoded);
        assertThat(Trees.semanticEquals(withoutStatus(View.of(decoded)), withoutStatus(read)))
                .as("%s\n%s", decoded, read.map())
                .isTrue();
        var list = PROTOBUF.decode(
                plane.http("GET", path, null, "Accept", Protobuf.MEDIA_TYPE).body());
        assertThat(View.of(list).get("kind").string()).isEqualTo(sample.kind.listKind());
    }

    private static void dryRun(Sample sample, View made) {
        var other = Trees.copy(sample.object);
        var patched = plane.http(
                "PATCH",
                sample.type.path(made.namespace(), made.name(), "") + "?dryRun=All",
                "{\"metadata\":{\"labels\":{\"dry\":\"run\"}}}".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/merge-patch+json");
        assertThat(patched.statusCode())
                .as(new String(patched.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(plane.client.get(sample.type, View.of(other).key()).labels()).doesNotContainKey("dry");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void damagedObjectsGetAClearAnswerAndLeaveNothing(Sample sample) {
        var random = new Random(sample.kind.qualified().hashCode());
        for (int i = 0; i < MUTATIONS; i++) {
            var damaged = new Damage(random).of(sample.object);
            Trees.put(damaged, "damaged-" + i, "metadata", "name");
            if (sample.kind.namespaced()) Trees.put(damaged, "default", "metadata", "namespace");
            var namespace = sample.kind.namespaced() ? "default" : "";
            var key = new ObjectKey(namespace, "damaged-" + i);
            var body = Json.write(damaged);
            var answer =
                    plane.http("POST", sample.type.path(namespace, "", ""), body, "Content-Type", "application/json");
            var text = new String(answer.body(), StandardCharsets.UTF_8);
            var what = sample + " " + new String(body, StandardCharsets.UTF_8) + "\n" + text;
            assertThat(answer.statusCode()).as(what).isBetween(200, 499);
            if (answer.statusCode() < 300) {
                remove(sample, key);
                continue;
            }
            var status = View.of(Json.parse(answer.body()));
            assertThat(status.get("kind").string()).as(what).isEqualTo("Status");
            assertThat(status.get("message").string()).as(what).isNotEmpty();
            assertThat(plane.client.find(sample.type, key).exists()).as(what).isFalse();
        }
    }

    /// Changes one value somewhere in an object to something unlikely.
    private static final class Damage {
        private static final List<Object> VALUES = new ArrayList<>(List.of(
                "",
                "x",
                "A_b",
                "../..",
                "1Gi",
                "-5",
                "NaN",
                "1e400",
                "99999999999999999999",
                0L,
                -1L,
                1L,
                2147483648L,
                Long.MAX_VALUE,
                1.5,
                1e300,
                true,
                false,
                List.of(),
                Map.of(),
                List.of("a", "a"),
                Map.of("a", "b"),
                List.of(Map.of()),
                Map.of("x", List.of(Map.of("y", 1L))),
                "\u0000\ud83d\ude00",
                "a".repeat(70_000)));

        private final Random random;

        Damage(Random random) {
            this.random = random;
        }

        Map<String, Object> of(Map<String, Object> object) {
            var copy = Trees.copy(object);
            int times = 1 + random.nextInt(2);
            for (int i = 0; i < times; i++) damage(copy, 0);
            return copy;
        }

        @SuppressWarnings("unchecked")
        private void damage(Object tree, int depth) {
            if (tree instanceof Map<?, ?> raw) {
                var map = (Map<String, Object>) raw;
                var names = new ArrayList<>(map.keySet());
                if (depth == 0) names.removeAll(List.of("apiVersion", "kind"));
                if (names.isEmpty() || random.nextInt(12) == 0) {
                    map.put(random.nextBoolean() ? "unknownField" : "name", value());
                    return;
                }
                var name = names.get(random.nextInt(names.size()));
                if (deeper(map.get(name))) damage(map.get(name), depth + 1);
                else if (random.nextInt(6) == 0) map.remove(name);
                else map.put(name, random.nextInt(10) == 0 ? null : value());
            } else if (tree instanceof List<?> raw) {
                var list = (List<Object>) raw;
                if (list.isEmpty() || random.nextInt(8) == 0) {
                    list.add(value());
                    return;
                }
                int at = random.nextInt(list.size());
                if (deeper(list.get(at))) damage(list.get(at), depth + 1);
                else list.set(at, value());
            }
        }

        private boolean deeper(Object value) {
            return (value instanceof Map || value instanceof List) && random.nextInt(5) != 0;
        }

        private Object value() {
            return Trees.copy(VALUES.get(random.nextInt(VALUES.size())));
        }
    }
}
