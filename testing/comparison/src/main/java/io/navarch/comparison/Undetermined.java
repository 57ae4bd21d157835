package io.navarch.comparison;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the original leaves to chance in its answers to calls that follow each other.
final class Undetermined {
    private static final List<String> IN_ANY_ORDER =
            List.of("Apply failed with", "failed to create typed patch object");

    private static final Pattern UNKNOWN_FIELD = Pattern.compile("\\S+: field not declared in schema");

    private Undetermined() {}

    /// The answer as it may be compared.
    ///
    /// Conflicts and duplicates come in the order in which Go happens to walk over its maps.
    static Answer without(Answer answer) {
        return new Answer(
                answer.status(),
                answer.headers(),
                answer.warnings(),
                changes(orderly(answer).body()));
    }

    /// The events of a watch without bookmarks, but for the one at the end of the first state.
    private static @Nullable Object changes(@Nullable Object body) {
        var events = body instanceof Map<?, ?> map && map.containsKey("type") && map.containsKey("object")
                ? List.of(body)
                : body;
        if (!(events instanceof List<?> list)) return body;
        return list.stream()
                .filter(event -> !bookmark(event)
                        || object(event).metadata().get("annotations").exists())
                .map(event -> bookmark(event) ? Trees.map("type", "BOOKMARK", "object", marked(object(event))) : event)
                .toList();
    }

    private static boolean bookmark(@Nullable Object event) {
        return View.of(event).get("type").string().equals("BOOKMARK");
    }

    private static View object(@Nullable Object event) {
        return View.of(event).get("object");
    }

    /// A bookmark is there for its metadata; the original's shows the empty fields of the kind as well.
    private static Map<String, Object> marked(View bookmark) {
        return Trees.map(
                "apiVersion", bookmark.get("apiVersion").tree(),
                "kind", bookmark.get("kind").tree(),
                "metadata", bookmark.get("metadata").tree());
    }

    private static Answer orderly(Answer answer) {
        var message = answer.object().get("message").string();
        if (IN_ANY_ORDER.stream().noneMatch(message::startsWith)) return answer;
        var body = Trees.copy(answer.object().map());
        var causes = answer.object().get("details", "causes").list().stream()
                .sorted(Comparator.comparing(Json::writeString))
                .toList();
        if (!causes.isEmpty()) Trees.put(body, causes, "details", "causes");
        if (message.startsWith("failed")) Trees.put(body, ordered(message), "message");
        return new Answer(answer.status(), answer.headers(), answer.warnings(), body);
    }

    /// The original stops at the first field that is unknown, after those that Go's map happens to have before it.
    private static String ordered(String message) {
        var unknown = UNKNOWN_FIELD.matcher(message);
        return unknown.find() ? unknown.group() : message.lines().sorted().collect(Collectors.joining("\n"));
    }

    /// A patch that the original tried on an object from its cache, and then again on the one that is stored, warns of
    /// both: warnings that only the original gives do not count where ours gives all the others.
    static Answer withWarningsOf(Answer ours, Answer original) {
        return original.warnings().containsAll(ours.warnings())
                ? new Answer(original.status(), original.headers(), ours.warnings(), original.body())
                : original;
    }
}
