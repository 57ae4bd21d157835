package io.navarch.apiserver.write;

import io.navarch.model.ObjectMeta;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// What the metadata of every object must be.
///
/// Of an update, what may not change is checked for all kinds and once more by each kind for itself: clients see those
/// causes twice.
final class MetadataRules {
    private static final int MAX_ANNOTATIONS = 256 << 10;
    private static final List<String> IMMUTABLE = List.of(
            ObjectMeta.NAME,
            ObjectMeta.NAMESPACE,
            ObjectMeta.UID,
            ObjectMeta.CREATION_TIMESTAMP,
            ObjectMeta.DELETION_TIMESTAMP,
            ObjectMeta.DELETION_GRACE_PERIOD_SECONDS);

    private final View metadata;
    private final KindDefinition kind;
    private final List<FieldError> errors;

    private MetadataRules(View metadata, KindDefinition kind, List<FieldError> errors) {
        this.metadata = metadata;
        this.kind = kind;
        this.errors = errors;
    }

    public static void check(View object, View old, KindDefinition kind, List<FieldError> errors) {
        var rules = new MetadataRules(object.metadata(), kind, errors);
        rules.names(old.exists());
        rules.generation();
        rules.contents();
        rules.finalizers();
        if (old.exists()) {
            rules.unchanged(old);
            rules.contents();
            rules.unchanged(old);
            rules.contents();
        }
        rules.standardFinalizers();
    }

    private void names(boolean update) {
        var prefix = metadata.get(ObjectMeta.GENERATE_NAME).string();
        if (!prefix.isEmpty()) invalid(ObjectMeta.GENERATE_NAME, prefix, kind.prefixErrors(prefix));
        var name = metadata.get(ObjectMeta.NAME).string();
        if (name.isEmpty()) errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        else invalid(ObjectMeta.NAME, name, update ? Names.pathSegment(name) : kind.nameErrors(name));
    }

    private void invalid(String field, Object value, List<String> wrong) {
        for (var text : wrong) errors.add(FieldError.invalid("metadata." + field, value, text));
    }

    private void generation() {
        long generation = metadata.get(ObjectMeta.GENERATION).longOr(0);
        if (generation < 0) invalid(ObjectMeta.GENERATION, generation, List.of("must be greater than or equal to 0"));
    }

    private void contents() {
        metadata.get(ObjectMeta.LABELS).map().forEach((key, value) -> {
            invalid(ObjectMeta.LABELS, key, Names.qualifiedName(key));
            invalid(ObjectMeta.LABELS, value, Names.labelValue(String.valueOf(value)));
        });
        annotations();
        new OwnerRules(errors).check(metadata.get(ObjectMeta.OWNER_REFERENCES));
    }

    private void annotations() {
        long size = 0;
        for (var entry : metadata.get(ObjectMeta.ANNOTATIONS).map().entrySet()) {
            var key = entry.getKey();
            invalid(ObjectMeta.ANNOTATIONS, key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
            size += key.length() + String.valueOf(entry.getValue()).length();
        }
        if (size > MAX_ANNOTATIONS)
            errors.add(
                    FieldError.tooLong("metadata.annotations", "may not be more than " + MAX_ANNOTATIONS + " bytes"));
    }

    private List<String> finalizerList() {
        return metadata.get(ObjectMeta.FINALIZERS).strings();
    }

    private void finalizers() {
        var finalizers = finalizerList();
        for (var finalizer : finalizers) invalid(ObjectMeta.FINALIZERS, finalizer, Names.qualifiedName(finalizer));
        if (finalizers.contains(Deletion.ORPHAN) && finalizers.contains(Deletion.FOREGROUND))
            invalid(
                    ObjectMeta.FINALIZERS,
                    finalizers,
                    List.of("finalizer " + Deletion.ORPHAN + " and " + Deletion.FOREGROUND + " cannot be both set"));
    }

    /// Finalizers without a domain are Kubernetes' own.
    private void standardFinalizers() {
        if (kind.anyFinalizers()) return;
        int i = 0;
        for (var finalizer : finalizerList()) {
            var path = "finalizers[" + i++ + "]";
            boolean standard = finalizer.equals(Deletion.ORPHAN)
                    || finalizer.equals(Deletion.FOREGROUND)
                    || finalizer.equals("kubernetes");
            if (!finalizer.contains("/") && !standard)
                invalid(
                        path,
                        finalizer,
                        List.of("name is neither a standard finalizer name nor is it fully qualified"));
        }
    }

    private void unchanged(View old) {
        if (old.deleting()) noNewFinalizers(old);
        for (var field : IMMUTABLE) {
            var value = metadata.get(field).value();
            boolean same = Trees.same(value, old.metadata().get(field).value());
            if (!same) errors.add(FieldError.invalid("metadata." + field, value, "field is immutable"));
        }
    }

    private void noNewFinalizers(View old) {
        var added = new TreeSet<>(finalizerList());
        old.metadata().get(ObjectMeta.FINALIZERS).strings().forEach(added::remove);
        if (!added.isEmpty())
            errors.add(FieldError.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                            + String.join("\", \"", added) + "\"}"));
    }
}
