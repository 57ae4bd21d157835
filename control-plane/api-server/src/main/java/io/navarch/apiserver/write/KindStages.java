package io.navarch.apiserver.write;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The stages that consist of asking the kind's definition.
final class KindStages {
    private KindStages() {}

    /// From the version of the request into the one that is stored.
    static Map<String, Object> convert(Write write, Map<String, Object> object) {
        return write.inStoredVersion() ? object : write.endpoint().toStorage(object);
    }

    static Map<String, Object> applyDefaultsAsSent(Write write, Map<String, Object> object) {
        write.endpoint().cache().kind().applyDefaultsAsSent(object);
        return object;
    }

    static Map<String, Object> applyDefaults(Write write, Map<String, Object> object) {
        write.endpoint().cache().kind().applyDefaults(object);
        return object;
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

    /// The rules of metadata and of the kind. An object is checked as it is stored, whatever version it came in.
    static Map<String, Object> validate(Write write, Map<String, Object> object) {
        var kind = write.endpoint().kind();
        var stored = write.endpoint().cache().kind();
        var view = View.of(object);
        var old = write.old();
        var errors = new ArrayList<FieldError>();
        var own = write.part() == Part.MAIN ? kind.metadataOfUpdates() : List.of(MetadataCheck.CHANGE);
        MetadataRules.check(view, old, kind, own, errors);
        errors.addAll(
                switch (write.part()) {
                    case MAIN -> stored.checkFor(kind, view, old);
                    case STATUS -> stored.checkStatus(view, old);
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
