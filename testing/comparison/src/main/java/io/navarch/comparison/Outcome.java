package io.navarch.comparison;

import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// An answer as a short text that is equal for answers that a client cannot tell apart: what a refusal says, or a
/// digest of what was accepted. `@` stands for the field that was tried, so that one refusal of many fields is one
/// text.
final class Outcome {
    /// Digits of a digest: a false match of two answers to one call is one in 16 million.
    private static final int DIGITS = 6;

    /// What is longer is told by its beginning and a digest.
    private static final int LONGEST = 120;

    private Outcome() {}

    /// @param place the field that the call tries, or `""`
    static String of(Answer answer, String place) {
        if (!answer.accepted()) return refusal(answer, place);
        var settled = Undetermined.without(answer);
        var told = List.of(Trees.sorted(Normal.of(settled.body())), answer.warnings());
        return answer.status() + " " + digest(Json.write(told));
    }

    private static String refusal(Answer answer, String place) {
        var reason = answer.object().get("reason").string();
        var causes = Comparison.causes(answer).stream().sorted().collect(Collectors.joining("; "));
        var message = Normal.text(answer.object().get("message").string());
        var text = causes.isEmpty() ? message : causes;
        if (text.isEmpty()) text = String.valueOf(answer.body());
        var line = (answer.status() + " " + reason + " " + text)
                .replaceAll("\\s+", " ")
                .strip();
        var general = place.length() < 3 ? line : line.replace(place, "@");
        return general.length() < LONGEST
                ? general
                : general.substring(0, LONGEST - 20) + "… " + digest(general.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        return Sha256.hex(bytes).substring(0, DIGITS);
    }
}
