package io.navarch.apiserver.write;

import io.navarch.model.ObjectMeta;
import io.navarch.model.OwnerReference;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Locale;

/// What the metadata of every object must be.
final class MetadataRules {
    private static final int MAX_ANNOTATIONS = 256 << 10;

    private MetadataRules() {}

    public static void check(View object, View old, KindDefinition kind, List<FieldError> errors) {
        var metadata = object.metadata();
        var name = metadata.get(ObjectMeta.NAME).string();
        var prefix = metadata.get(ObjectMeta.GENERATE_NAME).string();
        if (!prefix.isEmpty() && !old.exists()) {
            // A generated name may end where a name may not.
            kind.nameErrors(prefix.endsWith("-") || prefix.endsWith(".") ? prefix + "a" : prefix)
                    .forEach(text -> errors.add(FieldError.invalid("metadata.generateName", prefix, text)));
        }
        if (name.isEmpty()) errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        else kind.nameErrors(name).forEach(text -> errors.add(FieldError.invalid("metadata.name", name, text)));
        metadata.get(ObjectMeta.LABELS).map().forEach((key, value) -> {
            Names.qualifiedName(key).forEach(text -> errors.add(FieldError.invalid("metadata.labels", key, text)));
            Names.labelValue(String.valueOf(value))
                    .forEach(text -> errors.add(FieldError.invalid("metadata.labels", value, text)));
        });
        long size = 0;
        for (var entry : metadata.get(ObjectMeta.ANNOTATIONS).map().entrySet()) {
            Names.qualifiedName(entry.getKey().toLowerCase(Locale.ROOT))
                    .forEach(text -> errors.add(FieldError.invalid("metadata.annotations", entry.getKey(), text)));
            size += entry.getKey().length() + String.valueOf(entry.getValue()).length();
        }
        if (size > MAX_ANNOTATIONS)
            errors.add(
                    FieldError.tooLong("metadata.annotations", "may not be more than " + MAX_ANNOTATIONS + " bytes"));
        for (var field : List.of(
                ObjectMeta.NAME,
                ObjectMeta.NAMESPACE,
                ObjectMeta.UID,
                ObjectMeta.DELETION_TIMESTAMP,
                ObjectMeta.DELETION_GRACE_PERIOD_SECONDS)) {
            var value = metadata.get(field).value();
            boolean same =
                    !old.exists() || Trees.same(value, old.metadata().get(field).value());
            if (!same) {
                errors.add(FieldError.invalid("metadata." + field, value, "field is immutable"));
            }
        }
        finalizers(metadata, old, errors);
        owners(metadata, errors);
    }

    private static void finalizers(View metadata, View old, List<FieldError> errors) {
        for (var finalizer : metadata.get(ObjectMeta.FINALIZERS).strings()) {
            Names.qualifiedName(finalizer)
                    .forEach(text -> errors.add(FieldError.invalid("metadata.finalizers", finalizer, text)));
            boolean known = old.metadata().get(ObjectMeta.FINALIZERS).strings().contains(finalizer);
            if (old.deleting() && !known) {
                errors.add(FieldError.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                                + finalizer + "\"}"));
            }
        }
    }

    private static void owners(View metadata, List<FieldError> errors) {
        int i = 0;
        int controllers = 0;
        for (var owner : metadata.get(ObjectMeta.OWNER_REFERENCES).views()) {
            var path = "metadata.ownerReferences[" + i++ + "]";
            for (var field :
                    List.of(OwnerReference.API_VERSION, OwnerReference.KIND, OwnerReference.NAME, OwnerReference.UID)) {
                if (owner.get(field).string().isEmpty()) {
                    errors.add(FieldError.invalid(
                            path + "." + field,
                            "",
                            field.equals(OwnerReference.API_VERSION)
                                    ? "version must not be empty"
                                    : "must not be empty"));
                }
            }
            if (owner.get(OwnerReference.CONTROLLER).bool() && ++controllers > 1) {
                errors.add(FieldError.invalid(
                        "metadata.ownerReferences",
                        metadata.get(ObjectMeta.OWNER_REFERENCES).list(),
                        "Only one reference can have Controller set to true"));
            }
        }
    }
}
