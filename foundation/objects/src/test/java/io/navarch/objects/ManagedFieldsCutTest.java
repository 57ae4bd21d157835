package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An object reads the same whether its managed fields are cut out of the text or removed from the tree.
class ManagedFieldsCutTest {
    private static final List<String> NAMES =
            List.of("metadata", "managedFields", "spec", "a\"b", "\\", "k:{\"type\":\"x\"}", "é", "");

    private final Random random = new Random(7);

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextDouble();
            case 2 -> random.nextBoolean();
            case 3 -> null;
            case 4 -> NAMES.get(random.nextInt(NAMES.size())) + "}],:";
            case 5 -> list(depth);
            default -> map(depth);
        };
    }

    private List<Object> list(int depth) {
        var list = new ArrayList<Object>();
        for (int i = random.nextInt(4); i > 0; i--) list.add(value(depth + 1));
        return list;
    }

    private Map<String, Object> map(int depth) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(5); i > 0; i--) map.put(NAMES.get(random.nextInt(NAMES.size())), value(depth + 1));
        return map;
    }

    /// With white space where JSON allows it.
    private String spaced(String json) {
        var result = new StringBuilder();
        boolean text = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') result.append(c).append(json.charAt(++i));
            else {
                if (c == '"') text = !text;
                result.append(c);
                if (!text && "{}[],:".indexOf(c) >= 0) result.append(" \n\t\r".charAt(random.nextInt(4)));
            }
        }
        return result.toString();
    }

    @Test
    void anyDocumentReadsTheSame() {
        int cut = 0;
        for (int i = 0; i < 20_000; i++) {
            var document = map(0);
            var json = Json.writeString(document);
            if (random.nextBoolean()) json = spaced(json);
            var wanted = Json.parseMap(json.getBytes(StandardCharsets.UTF_8));
            if (wanted.get("metadata") instanceof Map<?, ?> metadata && metadata.containsKey("managedFields")) {
                metadata.remove("managedFields");
                cut++;
            }
            assertThat(Json.parseUnmanaged(json.getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isEqualTo(wanted);
        }
        assertThat(cut).isGreaterThan(100);
    }

    @Test
    void whatIsCutIsNotLookedAt() {
        var json = "{\"metadata\":{\"a\":1,\"managedFields\":[{\"f:\\\"x\\\"\":{}}],\"z\":2}}";
        assertThat(new String(ManagedFieldsCut.of(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("{\"metadata\":{\"a\":1,\"z\":2}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"metadata\":{",
                "{\"metadata\":{\"managedFields\":[",
                "{\"metadata\":{\"managedFields\":[\"",
                "{\"metadata\":{\"managedFields\":[]",
                "{\"metadata\":{\"managedFields\":[]]",
                "{\"metadata\":{\"managedFields\"}}",
                "{\"metadata\":{\"a\":1 \"managedFields\":[]}}",
                "{\"metadata\":{\"managedFields\":[]}"
            })
    void brokenDocumentsAreRefusedAllTheSame(String json) {
        assertThatThrownBy(() -> Json.parseUnmanaged(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Json.MalformedException.class);
    }
}
