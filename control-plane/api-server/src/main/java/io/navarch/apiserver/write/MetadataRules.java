package io.navarch.apiserver.write;

import io.navarch.model.ObjectMeta;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Finalizers;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;

/// What the metadata of every object must be.
///
/// An update is checked as all kinds are, and again by the kind itself: clients are told what is wrong as often
/// as it is found. It is looked for once.
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
    private final List<FieldError> contents = new FieldErrors();
    private final List<FieldError> finalizers = new FieldErrors();
    private final List<FieldError> standard = new FieldErrors();

    private MetadataRules(View metadata, KindDefinition kind) {
        this.metadata = metadata;
        this.kind = kind;
        contents();
        finalizers();
        standardFinalizers();
    }

    /// @param own what the kind itself checks of an update
    static void check(View object, View old, KindDefinition kind, List<MetadataCheck> own, List<FieldError> errors) {
        if (!old.exists() && kind.anyMetadata()) return;
        var rules = new MetadataRules(object.metadata(), kind);
        if (!old.exists()) {
            rules.form(kind::prefixErrors, kind::nameErrors, errors);
            errors.addAll(rules.standard);
            return;
        }
        var changed = rules.changed(old);
        rules.form(Names::pathSegment, Names::pathSegment, errors);
        errors.addAll(changed);
        errors.addAll(rules.contents);
        for (var check : own) {
            switch (check) {
                case FORM -> rules.form(kind::prefixErrors, kind::nameErrors, errors);
                case CHANGE -> {
                    errors.addAll(changed);
                    errors.addAll(rules.contents);
                }
            }
            errors.addAll(rules.standard);
        }
    }

    /// What is asked of new objects of all kinds. It is looked at where nothing else is wrong.
    static void checkCreated(View object, KindDefinition kind, List<FieldError> errors) {
        if (kind.anyMetadata()) {
            new MetadataRules(object.metadata(), kind).form(Names::pathSegment, Names::pathSegment, errors);
            return;
        }
        for (var field : List.of(ObjectMeta.GENERATE_NAME, ObjectMeta.NAME)) {
            var name = object.metadata().get(field).string();
            invalid(field, name, Names.pathSegment(name), errors);
        }
    }

    private void form(
            Function<String, List<String>> ofPrefix, Function<String, List<String>> ofName, List<FieldError> errors) {
        var prefix = metadata.get(ObjectMeta.GENERATE_NAME).string();
        if (!prefix.isEmpty()) invalid(ObjectMeta.GENERATE_NAME, prefix, ofPrefix.apply(prefix), errors);
        var name = metadata.get(ObjectMeta.NAME).string();
        if (name.isEmpty()) errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        else invalid(ObjectMeta.NAME, name, ofName.apply(name), errors);
        long generation = metadata.get(ObjectMeta.GENERATION).longOr(0);
        if (generation < 0)
            invalid(ObjectMeta.GENERATION, generation, List.of("must be greater than or equal to 0"), errors);
        errors.addAll(contents);
        errors.addAll(finalizers);
    }

    private static void invalid(String field, Object value, List<String> wrong, List<FieldError> errors) {
        for (var text : wrong) errors.add(FieldError.invalid("metadata." + field, value, text));
    }

    private void contents() {
        metadata.get(ObjectMeta.LABELS).map().forEach((key, value) -> {
            invalid(ObjectMeta.LABELS, key, Names.qualifiedName(key), contents);
            invalid(ObjectMeta.LABELS, value, Names.labelValue(String.valueOf(value)), contents);
        });
        annotations();
        new OwnerRules(contents).check(metadata.get(ObjectMeta.OWNER_REFERENCES));
    }

    private void annotations() {
        long size = 0;
        for (var entry : metadata.get(ObjectMeta.ANNOTATIONS).map().entrySet()) {
            var key = entry.getKey();
            invalid(ObjectMeta.ANNOTATIONS, key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)), contents);
            size += bytes(key) + bytes(String.valueOf(entry.getValue()));
        }
        if (size > MAX_ANNOTATIONS)
            contents.add(
                    FieldError.tooLong("metadata.annotations", "may not be more than " + MAX_ANNOTATIONS + " bytes"));
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private List<String> finalizerList() {
        return metadata.get(ObjectMeta.FINALIZERS).strings();
    }

    private void finalizers() {
        var names = finalizerList();
        for (var name : names) invalid(ObjectMeta.FINALIZERS, name, Names.qualifiedName(name), finalizers);
        if (names.contains(Finalizers.ORPHAN) && names.contains(Finalizers.FOREGROUND))
            invalid(
                    ObjectMeta.FINALIZERS,
                    names,
                    List.of("finalizer " + Finalizers.ORPHAN + " and " + Finalizers.FOREGROUND + " cannot be both set"),
                    finalizers);
    }

    /// Finalizers without a domain are Kubernetes' own.
    private void standardFinalizers() {
        if (kind.anyFinalizers()) return;
        int i = 0;
        for (var finalizer : finalizerList()) {
            var path = "finalizers[" + i++ + "]";
            if (!Finalizers.owned(finalizer))
                invalid(
                        path,
                        finalizer,
                        List.of("name is neither a standard finalizer name nor is it fully qualified"),
                        standard);
        }
    }

    private List<FieldError> changed(View old) {
        var errors = new FieldErrors();
        if (old.deleting()) noNewFinalizers(old, errors);
        for (var field : IMMUTABLE) {
            var value = metadata.get(field).value();
            boolean same = Trees.same(value, old.metadata().get(field).value());
            if (!same) errors.add(FieldError.invalid("metadata." + field, value, "field is immutable"));
        }
        return errors;
    }

    private void noNewFinalizers(View old, List<FieldError> errors) {
        var added = new TreeSet<>(finalizerList());
        old.metadata().get(ObjectMeta.FINALIZERS).strings().forEach(added::remove);
        if (!added.isEmpty())
            errors.add(FieldError.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                            + String.join("\", \"", added) + "\"}"));
    }
}
