package io.navarch.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.FieldError;
import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KindBuilderTest {
    /// A structure as the model has them.
    private record Thing(View view) implements Lens {
        @Override
        public Object tree() {
            return view.value();
        }

        String node() {
            return view.path("spec.node").string();
        }
    }

    private static final ResourceType<Thing> THINGS =
            new ResourceType<>("g.io", "v2", "things", "Thing", true, Thing::new);

    private static final Schema SPEC = Schema.object(Map.of(
            "node", Schema.string(""),
            "size", SchemaBuilder.of(Schema.Type.INTEGER).defaultValue(1L).build(),
            "name", SchemaBuilder.string("").mandatory("").immutable().build()));

    private static final Schema SCHEMA = Schema.object(Map.of("spec", SPEC, "status", Schema.mapOf(Schema.string(""))));

    private static View thing(String node, String name) {
        return View.of(Map.of("spec", Map.of("node", node, "name", name)));
    }

    @Test
    void whatAKindIsCalledComesFromItsResource() {
        var kind = KindBuilder.of(THINGS).version(SCHEMA).build();
        assertThat(kind.qualified()).isEqualTo("things.g.io");
        assertThat(kind.singular()).isEqualTo("thing");
        assertThat(kind.listKind()).isEqualTo("ThingList");
        assertThat(kind.namespaced()).isTrue();
        assertThat(kind.storage().name()).isEqualTo("v2");
        assertThat(kind.storagePrefix()).isEqualTo("/registry/things/");
        assertThat(kind.verbs()).contains("create", "watch");
    }

    @Test
    void rulesColumnsAndSelectorsReadTypedObjects() {
        var kind = KindBuilder.of(THINGS)
                .version(SCHEMA, columns -> columns.text("Node", Thing::node).age())
                .field("spec.node", Thing::node)
                .gracefulDeletion(thing -> thing.node().isEmpty() ? OptionalLong.empty() : OptionalLong.of(30))
                .heldWhile(thing -> thing.node().equals("held"), object -> object.put("marked", true))
                .ruledBy((thing, old) -> old.exists() && !thing.node().equals(old.node())
                        ? List.of(FieldError.forbidden("spec.node", "it stays"))
                        : List.of())
                .build();
        assertThat(kind.storage().columns().getFirst().cell().of(thing("n1", "a"), Instant.EPOCH))
                .isEqualTo("n1");
        assertThat(kind.fields().get("spec.node").apply(thing("n1", "a"))).isEqualTo("n1");
        assertThat(kind.gracePeriod().orElseThrow().apply(thing("n1", "a"))).hasValue(30);
        assertThat(kind.held(thing("held", "a"))).isTrue();
        assertThat(kind.held(thing("n1", "a"))).isFalse();
        assertThat(kind.check(thing("n1", "a"), View.ABSENT)).isEmpty();
        assertThat(kind.check(thing("n2", "b"), thing("n1", "a")).stream().map(FieldError::toString))
                .containsExactlyInAnyOrder(
                        "spec.name: Invalid value: \"b\": field is immutable", "spec.node: Forbidden: it stays");
        assertThat(kind.check(View.of(Map.of("spec", Map.of())), View.ABSENT).stream()
                        .map(FieldError::toString))
                .containsExactly("spec.name: Required value");
    }

    @Test
    void defaultsOfTheSchemaComeBeforeThoseOfTheKind() {
        var kind = KindBuilder.of(THINGS)
                .version(SCHEMA)
                .defaultedBy(object ->
                        object.put("seen", View.of(object).path("spec.size").value()))
                .build();
        var object = new HashMap<String, Object>();
        object.put("spec", new HashMap<>(Map.of("name", "a")));
        kind.applyDefaults(object);
        assertThat(object).containsEntry("seen", 1L);
    }

    @Test
    void versionsAreConvertedDeprecatedOrUnserved() {
        var kind = KindBuilder.of(THINGS)
                .version(SCHEMA)
                .version("v1", SCHEMA, columns -> {})
                .deprecated("use v2")
                .converted(object -> Map.of("to", "storage"), object -> Map.of("from", "storage"))
                .version("v0", SCHEMA, columns -> {})
                .unserved()
                .build();
        var old = kind.version("v1").orElseThrow();
        assertThat(old.deprecation()).isEqualTo("use v2");
        assertThat(old.toStorage().apply(Map.of())).containsEntry("to", "storage");
        assertThat(old.fromStorage().apply(Map.of())).containsEntry("from", "storage");
        assertThat(kind.version("v0")).isEmpty();
        assertThat(kind.versions()).hasSize(3);
    }

    @Test
    void aKindOfAnotherGroupMayHaveRulesOfItsOwn() {
        var kind = KindBuilder.of(THINGS)
                .version(SCHEMA)
                .ruledBy((thing, old) -> List.of(FieldError.required("ours")))
                .build();
        var plain = KindBuilder.of(THINGS).version(SCHEMA).build();
        var strict = KindBuilder.of(THINGS)
                .version(SCHEMA)
                .ruledBy((thing, old) -> List.of(FieldError.required("theirs")))
                .build();
        assertThat(kind.checkFor(plain, thing("n", "a"), View.ABSENT)).containsExactly(FieldError.required("ours"));
        assertThat(kind.checkFor(strict, thing("n", "a"), View.ABSENT)).containsExactly(FieldError.required("theirs"));
    }
}
