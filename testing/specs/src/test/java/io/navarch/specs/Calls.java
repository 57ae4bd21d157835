package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Short calls of a plane under test over HTTPS: bodies are YAML, answers trees.
record Calls(PlaneUnderTest plane) {
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    /// An answer: its code, its warnings, and its tree.
    record Answer(int code, String warnings, View body) {
        /// The body of an answer that is expected to have this code.
        View expect(int wanted) {
            assertThat(code).as("%s", body).isEqualTo(wanted);
            return body;
        }

        String message() {
            return body.get("message").string();
        }
    }

    Answer send(String method, String path, String contentType, String body, String... headers) {
        var all = new String[headers.length + (body == null ? 0 : 2)];
        System.arraycopy(headers, 0, all, 0, headers.length);
        if (body != null) {
            all[headers.length] = "Content-Type";
            all[headers.length + 1] = contentType;
        }
        var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        var answer = plane.http(method, path, bytes, all);
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        var tree = text.startsWith("{") ? View.of(Json.parse(text)) : View.of(text);
        return new Answer(
                answer.statusCode(), String.join("; ", answer.headers().allValues("Warning")), tree);
    }

    View get(String path) {
        return send("GET", path, "", null).expect(200);
    }

    Answer tryGet(String path) {
        return send("GET", path, "", null);
    }

    View post(String path, String yaml) {
        return tryPost(path, yaml).expect(201);
    }

    Answer tryPost(String path, String yaml) {
        return send("POST", path, "application/json", Json.writeString(Yaml.parse(yaml)));
    }

    Answer put(String path, Object tree) {
        return send("PUT", path, "application/json", Json.writeString(tree));
    }

    /// Reads, changes and replaces, again when somebody wrote in between.
    View replace(String path, Consumer<Map<String, Object>> change) {
        while (true) {
            var object = Trees.copy(get(path).map());
            change.accept(object);
            var answer = put(path, object);
            if (answer.code() != 409) return answer.expect(200);
        }
    }

    View patch(String path, String type, String yaml) {
        return tryPatch(path, type, yaml).expect(200);
    }

    Answer tryPatch(String path, String type, String yaml) {
        return send("PATCH", path, type, Json.writeString(Yaml.parse(yaml)));
    }

    Answer delete(String path) {
        return send("DELETE", path, "", null);
    }

    /// Reads until what is read is as wanted.
    View until(String path, Predicate<View> wanted) {
        return PlaneUnderTest.eventually(() -> tryGet(path).body(), wanted);
    }

    int count(String path) {
        return get(path).get("items").list().size();
    }
}
