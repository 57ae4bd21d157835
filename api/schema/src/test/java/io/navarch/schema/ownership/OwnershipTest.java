package io.navarch.schema.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import io.navarch.schema.walk.Defaulting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Applies, forced applies and updates by several managers over random schemas, against [OwnershipModel].
class OwnershipTest {
    private static final List<String> WORDS = List.of("a", "b", "c", "d");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySequenceFollowsTheRules(int part) {
        for (long seed = part * 1000L; seed < part * 1000L + 60; seed++) new Sequence(seed).run();
    }

    private static final class Sequence {
        private final long seed;
        private final Random random;
        private final Schema spec;
        private final Schema schema;
        private final OwnershipModel model = new OwnershipModel();
        private Map<String, Object> live;

        Sequence(long seed) {
            this.seed = seed;
            random = new Random(seed);
            spec = structure(0);
            schema = Schema.object(Map.of(
                    "apiVersion", Schema.string(""), "kind", Schema.string(""), "metadata", METADATA, "spec", spec));
        }

        private static final Schema METADATA = Schema.object(Map.of("name", Schema.string("")));

        private Schema structure(int depth) {
            var fields = new LinkedHashMap<String, Schema>();
            for (var word : WORDS) if (depth == 0 || random.nextBoolean()) fields.put(word, any(depth + 1));
            if (fields.isEmpty()) fields.put("a", Schema.string(""));
            return Schema.object(fields);
        }

        private Schema any(int depth) {
            return switch (random.nextInt(depth < 3 ? 8 : 5)) {
                case 0, 1 -> Schema.string("");
                case 2 -> Schema.list(Schema.string(""));
                case 3 -> SchemaBuilder.list(Schema.string("")).setList().build();
                case 4 -> Schema.mapOf(Schema.string(""));
                case 5 ->
                    SchemaBuilder.mapOf(Schema.string(""))
                            .mapType(Schema.MapType.ATOMIC)
                            .build();
                case 6 -> {
                    var element = Schema.object(Map.of("name", Schema.string(""), "value", Schema.string("")));
                    yield SchemaBuilder.list(element).mapList(List.of("name")).build();
                }
                default -> structure(depth);
            };
        }

        /// A value with something in it.
        private Object value(Schema schema, double share) {
            if (schema.type() == Schema.Type.STRING) return WORDS.get(random.nextInt(3));
            if (schema.listType() == Schema.ListType.MAP) {
                var list = new ArrayList<Object>();
                for (var name : some(share)) list.add(Trees.map("name", name, "value", WORDS.get(random.nextInt(3))));
                return list;
            }
            if (schema.type() == Schema.Type.ARRAY) return new ArrayList<Object>(some(share));
            var result = new LinkedHashMap<String, Object>();
            if (schema.properties().isEmpty())
                for (var key : some(share)) result.put(key, WORDS.get(random.nextInt(3)));
            else {
                schema.properties().forEach((name, field) -> {
                    if (random.nextDouble() < share) result.put(name, value(field, share));
                });
                if (result.isEmpty()) {
                    var first = schema.properties().keySet().iterator().next();
                    result.put(first, value(schema.property(first), share));
                }
            }
            return result;
        }

        private List<String> some(double share) {
            var list = new ArrayList<String>();
            for (var word : WORDS) if (random.nextDouble() < share) list.add(word);
            if (list.isEmpty()) list.add(WORDS.get(random.nextInt(WORDS.size())));
            return list;
        }

        private Map<String, Object> object(Object spec) {
            return Trees.map("apiVersion", "v1", "kind", "Random", "metadata", Trees.map("name", "x"), "spec", spec);
        }

        void run() {
            for (int step = 0; step < 25; step++) {
                var where = "seed " + seed + ", step " + step;
                if (live == null || random.nextInt(3) > 0) apply(where);
                else update();
                assertThat(values()).as(where).isEqualTo(model.values);
                assertThat(owners()).as(where).isEqualTo(model.owners);
            }
        }

        private Map<String, Object> values() {
            return OwnershipModel.flat(View.of(live).get("spec").value(), spec);
        }

        private Map<String, Set<String>> owners() {
            var result = new HashMap<String, Set<String>>();
            for (var entry : View.of(live).metadata().get("managedFields").views()) {
                var paths = OwnershipModel.paths(entry.get("fieldsV1", "f:spec"), spec);
                if (!paths.isEmpty()) result.put(entry.get("manager").string(), paths);
            }
            return result;
        }

        private ManagedFields fields() {
            return new ManagedFields(ManagedFields.Versions.single("v1", schema, true), "v1", new FieldSet());
        }

        private void apply(String where) {
            var manager = "applier-" + random.nextInt(3);
            var applied = value(spec, 0.4);
            var flat = OwnershipModel.flat(applied, spec);
            var conflicts = model.conflicts(manager, flat);
            boolean force = random.nextBoolean();
            var who = new FieldOwner(manager, "Apply", "v1", "");
            try {
                var result = fields().apply(View.of(live), object(applied), who, force, Instant.EPOCH);
                assertThat(force || conflicts.isEmpty())
                        .as(where + ": a conflict went unseen")
                        .isTrue();
                // As after every write: what nobody has any more leaves no null behind.
                Defaulting.dropNulls(result, schema);
                live = result;
                model.apply(manager, flat);
                var again = fields().apply(View.of(live), object(applied), who, false, Instant.MAX);
                Defaulting.dropNulls(again, schema);
                assertThat(again).as(where + ": applied again").isEqualTo(live);
            } catch (ApiException e) {
                assertThat(force).as(where + ": " + e.getMessage()).isFalse();
                assertThat(named(e)).as(where).isEqualTo(shown(conflicts));
            }
        }

        /// Managers and fields that the answer names. A map or list that an update made is the updater's even when
        /// nothing is in it any more; the model knows nothing of those.
        private Set<String> named(ApiException conflict) {
            var result = new TreeSet<String>();
            for (var cause : View.of(conflict.status()).get("details", "causes").views()) {
                var field = cause.get("field").string();
                if (!parted(field))
                    result.add(cause.get("message").string().replaceAll(".*\"(applier|updater)(-\\d)\".*", "$1$2")
                            + field);
            }
            return result;
        }

        private boolean parted(String path) {
            if (path.endsWith("]")) return false;
            var here = schema;
            for (var name : path.substring(1).replaceAll("\\[[^]]*]", ".[]").split("\\."))
                here = name.equals("[]") ? here.items() : here.property(name);
            return OwnershipModel.granular(here);
        }

        private static Set<String> shown(Map<String, Set<String>> conflicts) {
            var result = new TreeSet<String>();
            conflicts.forEach((manager, paths) -> paths.forEach(
                    path -> result.add(manager + ".spec" + path.replaceAll("\\[([a-d])]", "[name=\"$1\"]"))));
            return result;
        }

        private void update() {
            var manager = "updater-" + random.nextInt(2);
            var now = Trees.copy(live);
            Trees.remove(now, "metadata", "managedFields");
            change(Trees.child(now, "spec"), spec);
            var flat = OwnershipModel.flat(View.of(now).get("spec").value(), spec);
            fields().track(now, View.of(live), new FieldOwner(manager, "Update", "v1", ""), true, Instant.EPOCH);
            live = now;
            model.update(manager, flat);
        }

        /// Changes some fields; what is in elements of lists stays, since they belong to who made the element.
        @SuppressWarnings("unchecked")
        private void change(Map<String, Object> tree, Schema schema) {
            for (var name : schema.properties().keySet()) {
                var field = schema.property(name);
                if (random.nextInt(3) > 0 || field.listType() == Schema.ListType.MAP) continue;
                boolean structure = !field.properties().isEmpty();
                if (structure && tree.get(name) instanceof Map<?, ?> map) change((Map<String, Object>) map, field);
                else if (tree.containsKey(name) && random.nextInt(4) == 0) tree.remove(name);
                else tree.put(name, value(field, 0.5));
            }
        }
    }
}
