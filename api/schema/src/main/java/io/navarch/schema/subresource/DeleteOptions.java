package io.navarch.schema.subresource;

import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/// `DeleteOptions`: what a client says about a deletion.
///
/// @param gracePeriod empty when the client leaves it to the object
/// @param uid the only identity that may be deleted, or `""`
/// @param resourceVersion the only version that may be deleted, or `""`
/// @param propagation one of the policies, or `""`
public record DeleteOptions(
        OptionalLong gracePeriod, String uid, String resourceVersion, String propagation, boolean dryRun) {
    public static final String ORPHAN = "Orphan";
    public static final String BACKGROUND = "Background";
    public static final String FOREGROUND = "Foreground";

    /// Reads the options from a body; the query says what the body does not.
    ///
    /// @param query a parameter's value, or `""`
    /// @throws ApiException 400 or 422 for values that cannot be
    public static DeleteOptions of(View body, Function<String, String> query) {
        var propagation = body.get("propagationPolicy").stringOr(query.apply("propagationPolicy"));
        var orphan = body.get("orphanDependents");
        if (propagation.isEmpty() && orphan.exists()) propagation = orphan.bool() ? ORPHAN : BACKGROUND;
        var grace = gracePeriod(body.get("gracePeriodSeconds"), query.apply("gracePeriodSeconds"));
        if (!List.of("", ORPHAN, BACKGROUND, FOREGROUND).contains(propagation)) {
            throw new ApiException(
                    ApiException.Reason.INVALID,
                    "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"" + propagation
                            + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
        }
        return new DeleteOptions(
                grace,
                body.get("preconditions", "uid").string(),
                body.get("preconditions", "resourceVersion").string(),
                propagation,
                query.apply("dryRun").equals("All")
                        || !body.get("dryRun").list().isEmpty());
    }

    private static OptionalLong gracePeriod(View sent, String parameter) {
        if (sent.value() instanceof Number number) return OptionalLong.of(number.longValue());
        if (parameter.isEmpty()) return OptionalLong.empty();
        try {
            return OptionalLong.of(Long.parseLong(parameter));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + parameter + "\": invalid syntax");
        }
    }
}
