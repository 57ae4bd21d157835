package io.navarch.schema.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Lists in which several elements have one key: they come by create and update, and are owned as one value.
class RepeatedElementsTest {
    private static final Schema LIST = SchemaBuilder.list(
                    Schema.object(Map.of("name", Schema.string(""), "value", Schema.string(""))))
            .mapList(List.of("name"))
            .build();
    private static final Schema SET =
            SchemaBuilder.list(Schema.string("")).setList().build();

    private static Object list(String text) {
        var elements = new StringBuilder("[");
        for (var word : text.split(" ")) {
            if (word.isEmpty()) continue;
            var parts = word.split("=");
            elements.append("{name: ")
                    .append(parts[0])
                    .append(", value: '")
                    .append(parts[1])
                    .append("'},");
        }
        return Yaml.parse(elements.append("]").toString());
    }

    private static void merges(String live, String applied, String expected) {
        assertThat(TypedTree.merge(list(live), list(applied), LIST))
                .as("%s over %s", applied, live)
                .isEqualTo(list(expected));
    }

    @Test
    void thoseThatAreNotAppliedKeepTheirPlaces() {
        merges("a=1 b=2 a=3", "", "a=1 b=2 a=3");
        merges("a=1 b=2 a=3", "c=4", "a=1 b=2 a=3 c=4");
        merges("a=1 b=2 a=3", "b=4", "a=1 b=4 a=3");
        merges("a=1 b=2 a=3 c=5", "c=6 b=4", "a=1 a=3 c=6 b=4");
    }

    @Test
    void theOneThatIsAppliedStandsForAll() {
        merges("a=1 b=2 a=3", "a=4", "a=4 b=2");
        merges("a=1 b=2 a=3", "b=2 a=4", "b=2 a=4");
        merges("b=2 a=1 a=1", "a=4 c=5", "b=2 a=4 c=5");
    }

    @Test
    void theyAreOwnedWithoutTheirFields() {
        assertThat(TypedTree.fields(list("a=1 b=2 a=3"), LIST).paths())
                .containsExactlyInAnyOrder("[name=\"a\"]", "[name=\"b\"]", "[name=\"b\"].name", "[name=\"b\"].value");
        assertThat(TypedTree.fields(List.of("x", "y", "x"), SET).paths())
                .containsExactlyInAnyOrder("[=\"x\"]", "[=\"y\"]");
    }

    @Test
    void anyDifferenceAmongThemIsAChangeOfAll() {
        assertThat(TypedTree.compare(list("a=1 a=2"), list("a=1 a=2"), LIST).same())
                .isTrue();
        var changed = TypedTree.compare(list("a=1 a=2"), list("a=2 a=1"), LIST);
        assertThat(changed.modified().paths()).containsExactly("[name=\"a\"]");
        assertThat(changed.added().isEmpty() && changed.removed().isEmpty()).isTrue();
        var more = TypedTree.compare(list("a=1"), list("a=1 a=2"), LIST);
        assertThat(more.added().paths()).containsExactly("[name=\"a\"]");
        assertThat(more.removed().paths()).contains("[name=\"a\"].value");
        var fewer = TypedTree.compare(list("a=1 a=2"), list("a=1"), LIST);
        assertThat(fewer.removed().paths()).containsExactly("[name=\"a\"]");
        assertThat(fewer.added().paths()).contains("[name=\"a\"].value");
    }

    @Test
    void whoMakesSeveralOfOneOwnsThem() {
        var schema = Schema.object(Map.of("env", LIST));
        var versions = ManagedFields.Versions.single("v1", schema, true);
        var writer = new FieldOwner("me", FieldOwner.UPDATE, "v1", "");
        Map<String, Object> one = Trees.map("metadata", Trees.map("name", "n"), "env", list("a=1"));
        new ManagedFields(versions, "v1", new FieldSet()).track(one, View.ABSENT, writer, true, Instant.EPOCH);
        Map<String, Object> several = Trees.map("metadata", Trees.map("name", "n"), "env", list("a=1 a=2"));
        new ManagedFields(versions, "v1", new FieldSet()).track(several, View.of(one), writer, true, Instant.EPOCH);
        var owned = View.of(several).metadata().get("managedFields").at(0);
        assertThat(Json.writeString(owned.get("fieldsV1").get("f:env").value())).contains("k:{\\\"name\\\":\\\"a\\\"}");
    }
}
