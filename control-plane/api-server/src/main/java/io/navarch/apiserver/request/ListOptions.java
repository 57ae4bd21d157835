package io.navarch.apiserver.request;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import java.util.List;
import java.util.Optional;

/// The query of a list or watch, as the `ListOptions` that it stands for.
///
/// @param version the resource version as it was sent, or `""`
/// @param initialEvents whether `sendInitialEvents` was given, and what
public record ListOptions(
        long limit,
        String continuation,
        String version,
        String match,
        Optional<Boolean> initialEvents,
        boolean bookmarks,
        long timeoutSeconds) {
    public static final String EXACT = "Exact";
    static final String NOT_OLDER = "NotOlderThan";

    /// @throws ApiException 400 for numbers that are none, 422 for options that contradict each other
    public static ListOptions of(Call call, boolean watch) {
        var options = new ListOptions(
                Math.max(0, integer(call, "limit")),
                call.query("continue"),
                call.query("resourceVersion"),
                call.query("resourceVersionMatch"),
                call.query().containsKey("sendInitialEvents")
                        ? Optional.of(call.flag("sendInitialEvents"))
                        : Optional.empty(),
                call.flag("allowWatchBookmarks"),
                integer(call, "timeoutSeconds"));
        var errors = new FieldErrors();
        if (watch) options.checkWatch(errors);
        else options.checkList(errors);
        if (!errors.isEmpty()) throw ApiException.invalid("meta.k8s.io", "ListOptions", "", errors);
        return options;
    }

    private static long integer(Call call, String name) {
        var text = call.query(name);
        if (text.isEmpty()) return 0;
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }

    private void checkList(List<FieldError> errors) {
        if (!match.isEmpty()) {
            if (version.isEmpty())
                forbidden(errors, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            if (!continuation.isEmpty())
                forbidden(errors, "resourceVersionMatch is forbidden when continue is provided");
            if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
                errors.add(FieldError.notSupported("resourceVersionMatch", match, List.of(EXACT, NOT_OLDER, "")));
            }
            if (match.equals(EXACT) && version.equals("0"))
                forbidden(errors, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
        if (initialEvents.isPresent()) {
            errors.add(FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
    }

    private void checkWatch(List<FieldError> errors) {
        if (initialEvents.isPresent() && match.isEmpty())
            forbidden(errors, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        if (match.isEmpty()) return;
        if (initialEvents.isEmpty())
            forbidden(errors, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        if (!match.equals(NOT_OLDER)) {
            errors.add(FieldError.notSupported("resourceVersionMatch", match, List.of(NOT_OLDER)));
        }
        if (!continuation.isEmpty()) forbidden(errors, "resourceVersionMatch is forbidden when continue is provided");
    }

    private static void forbidden(List<FieldError> errors, String text) {
        errors.add(FieldError.forbidden("resourceVersionMatch", text));
    }

    /// The revision that the resource version names; 0 when there is none.
    public long revision() {
        return revision(version);
    }

    /// @throws ApiException 400 when it is no number
    public static long revision(String version) {
        if (version.isEmpty()) return 0;
        try {
            return Long.parseUnsignedLong(version);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("invalid resource version: resourceVersion: Invalid value: \"" + version
                    + "\": strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
    }
}
