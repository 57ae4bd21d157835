package io.navarch.apiserver.write;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.CustomObjects;
import io.navarch.schema.MetadataCheck;
import io.navarch.schema.walk.CustomForm;
import java.util.List;
import java.util.Map;

/// The stages that consist of asking the kind's definition.
final class KindStages {
    private KindStages() {}

    /// From the version of the request into the one that is stored; custom resources stay in that of the request until
    /// they are [#shape]d.
    static Map<String, Object> convert(Write write, Map<String, Object> object) {
        boolean stays = write.inStoredVersion() || write.endpoint().kind().custom();
        return stays ? object : write.endpoint().toStorage(object);
    }

    static Map<String, Object> applyDefaultsAsSent(Write write, Map<String, Object> object) {
        var endpoint = write.endpoint();
        if (endpoint.kind().custom())
            CustomForm.complete(object, endpoint.version().schema());
        else endpoint.cache().kind().applyDefaultsAsSent(object);
        return object;
    }

    static Map<String, Object> applyDefaults(Write write, Map<String, Object> object) {
        var endpoint = write.endpoint();
        if (endpoint.kind().custom())
            CustomForm.complete(object, endpoint.version().schema());
        else endpoint.cache().kind().applyDefaults(object);
        return object;
    }

    /// The form in which an object is stored, where it has been something else until it was checked: a custom resource
    /// had that of the version it came in, with all that this version's schema tolerates.
    static Map<String, Object> shape(Write write, Map<String, Object> object) {
        var kind = write.endpoint().cache().kind();
        if (!kind.custom()) return object;
        var stored = write.endpoint().toStorage(object);
        CustomObjects.form(stored, kind.storage().schema());
        return stored;
    }

    /// Fields that the server owns.
    static Map<String, Object> prepare(Write write, Map<String, Object> object) {
        var kind = write.endpoint().kind();
        if (write.part() == Part.MAIN) kind.prepare(object, write.old());
        else if (write.part() == Part.STATUS) kind.prepareStatus(object, write.old());
        return object;
    }

    /// Counts changes of anything but metadata and status.
    static Map<String, Object> countGeneration(Write write, Map<String, Object> object) {
        var kind = write.endpoint().kind();
        if (write.creates() || !kind.hasGeneration()) return object;
        // Defaults that only the version of the request has are no change of what is wanted.
        if (kind.custom() && write.part() == Part.STATUS) return object;
        long generation = write.old().metadata().get(ObjectMeta.GENERATION).longOr(0);
        var ignored = kind.hasStatus() ? List.of(AnyObject.METADATA, AnyObject.STATUS) : List.of(AnyObject.METADATA);
        boolean labelled = kind.countsLabels() && changes(write, object, ObjectMeta.LABELS)
                || write.part() == Part.MAIN
                        && kind.countsAnnotations()
                        && changes(write, object, ObjectMeta.ANNOTATIONS);
        // What the server builds itself, such as a binding, is no change of what is wanted.
        boolean wanted = write.part() != Part.WHOLE;
        if (labelled || wanted && !TreeComparison.sameExcept(View.of(object), write.old(), ignored)) generation++;
        if (generation > 0) Trees.put(object, generation, AnyObject.METADATA, ObjectMeta.GENERATION);
        return object;
    }

    private static boolean changes(Write write, Map<String, Object> object, String field) {
        return !Trees.semanticEquals(
                View.of(object).metadata().get(field).value(),
                write.old().metadata().get(field).value());
    }

    /// The rules of metadata and of the kind. An object of a built-in kind is checked as it is stored, whatever version
    /// it came in.
    static Map<String, Object> validate(Write write, Map<String, Object> object) {
        var kind = write.endpoint().kind();
        var stored = write.endpoint().cache().kind();
        var view = View.of(object);
        var old = write.old();
        var errors = new FieldErrors();
        var own = write.part() == Part.MAIN ? kind.metadataOfUpdates() : List.of(MetadataCheck.CHANGE);
        MetadataRules.check(view, old, kind, own, errors);
        var version = write.endpoint().version();
        errors.addAll(
                switch (write.part()) {
                    case MAIN ->
                        kind.custom()
                                ? CustomObjects.check(
                                        kind, version, view, old, write.call().warn())
                                : stored.checkFor(kind, view, old);
                    case STATUS ->
                        kind.custom()
                                ? CustomObjects.checkStatus(
                                        kind, version, view, old, write.call().warn())
                                : stored.checkStatus(view, old);
                    case SUBRESOURCE -> write.subresource().rules().check(view, old);
                    case WHOLE -> List.of();
                });
        if (errors.isEmpty() && write.creates()) MetadataRules.checkCreated(view, kind, errors);
        if (!errors.isEmpty()) throw ApiException.invalid(kind.group(), kind.kind(), view.name(), errors);
        if (write.part() == Part.MAIN)
            for (var warning : stored.warnings(view, old)) write.call().warn().accept(warning);
        return object;
    }
}
