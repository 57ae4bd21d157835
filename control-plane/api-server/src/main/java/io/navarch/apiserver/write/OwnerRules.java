package io.navarch.apiserver.write;

import io.navarch.model.OwnerReference;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.List;

/// What references to owners must be.
///
/// @param errors to which is added
record OwnerRules(List<FieldError> errors) {
    private static final String PATH = "metadata.ownerReferences";

    void check(View owners) {
        var controller = "";
        for (var owner : owners.views()) {
            fields(owner);
            if (!owner.get(OwnerReference.CONTROLLER).bool()) continue;
            var name = owner.get(OwnerReference.KIND).string() + "/"
                    + owner.get(OwnerReference.NAME).string();
            if (controller.isEmpty()) controller = name;
            else
                errors.add(FieldError.invalid(
                        PATH,
                        owners.value(),
                        "Only one reference can have Controller set to true. Found \"true\" in references for "
                                + controller + " and " + name));
        }
    }

    private void fields(View owner) {
        var apiVersion = owner.get(OwnerReference.API_VERSION).string();
        if (version(apiVersion).isEmpty())
            errors.add(FieldError.invalid(
                    PATH + "." + OwnerReference.API_VERSION, apiVersion, "version must not be empty"));
        for (var field : List.of(OwnerReference.KIND, OwnerReference.NAME, OwnerReference.UID))
            if (owner.get(field).string().isEmpty())
                errors.add(FieldError.invalid(PATH + "." + field, "", "must not be empty"));
        if (apiVersion.equals("v1") && owner.get(OwnerReference.KIND).string().equals("Event"))
            errors.add(FieldError.invalid(PATH, owner.value(), "/v1, Kind=Event is disallowed from being an owner"));
    }

    /// The version of `group/version`; `""` if it is neither.
    private static String version(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return apiVersion.indexOf('/', slash + 1) > slash && slash >= 0 ? "" : apiVersion.substring(slash + 1);
    }
}
