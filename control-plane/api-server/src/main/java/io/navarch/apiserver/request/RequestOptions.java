package io.navarch.apiserver.request;

import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.schema.subresource.DeleteOptions;
import java.util.List;

/// The query of a write, checked as the `CreateOptions`, `UpdateOptions` or `PatchOptions` that it stands for.
public final class RequestOptions {
    private static final int MAX_MANAGER = 128;

    private RequestOptions() {}

    /// @param kind the kind of the options, such as `CreateOptions`
    /// @throws ApiException 422 with all errors
    public static void check(Call call, String kind) {
        var errors = new FieldErrors();
        var manager = call.query("fieldManager");
        boolean apply = call.header(HeaderNames.CONTENT_TYPE).startsWith("application/apply-patch");
        if (kind.equals("PatchOptions")) {
            if (apply && manager.isEmpty()) {
                errors.add(FieldError.required("fieldManager", "is required for apply patch"));
            }
            if (!apply && !call.query("force").isEmpty()) {
                errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
            }
        }
        if (manager.length() > MAX_MANAGER) {
            errors.add(FieldError.tooLong("fieldManager", "may not be more than " + MAX_MANAGER + " bytes"));
        }
        unprintable(manager, errors);
        var dryRun = call.query().getOrDefault("dryRun", List.of());
        DeleteOptions.checkDryRun(dryRun, errors);
        var validation = call.query("fieldValidation");
        if (!List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
            errors.add(FieldError.notSupported("fieldValidation", validation, List.of("", "Ignore", "Strict", "Warn")));
        }
        if (!errors.isEmpty()) throw ApiException.invalid("meta.k8s.io", kind, "", errors);
    }

    private static void unprintable(String manager, List<FieldError> errors) {
        for (int i = 0; i < manager.length(); i++) {
            char c = manager.charAt(i);
            if (!Character.isISOControl(c)) continue;
            var named = String.format("invalid character U+%04X (at position %d)", (int) c, i);
            errors.add(FieldError.invalid("fieldManager", manager, named));
        }
    }
}
