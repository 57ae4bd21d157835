package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.GoText;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.CustomForm;
import io.navarch.schema.walk.EmbeddedResources;
import io.navarch.schema.walk.ListTypes;
import io.navarch.schema.walk.StructuralValidation;
import io.navarch.schema.walk.UnknownFields;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is done with custom resources in place of what a built-in kind does itself. Their versions differ in
/// nothing but their schemas: an object is completed and checked by that of the version it came in, and only
/// what is stored has the form of the stored version.
public final class CustomObjects {
    /// What is wrong before rules in CEL make any sense.
    private static final Set<FieldError.Type> BLOCKING = EnumSet.of(
            FieldError.Type.NOT_SUPPORTED,
            FieldError.Type.REQUIRED,
            FieldError.Type.TOO_LONG,
            FieldError.Type.TOO_MANY,
            FieldError.Type.TYPE_INVALID);

    private static final String RULES_NOT_CHECKED = "some validation rules were not checked because the object was"
            + " invalid; correct the existing errors to complete validation";

    private CustomObjects() {}

    /// Brings an object into the form of a schema: what this does not have goes, what it provides comes.
    public static void form(Map<String, Object> object, Schema schema) {
        shape(object, schema);
        CustomForm.complete(object, schema);
    }

    /// As [#form], without defaults: an object that is read in another version than the stored one gets none.
    public static void shape(Map<String, Object> object, Schema schema) {
        CustomForm.prune(object, schema, new UnknownFields());
        CustomForm.dropNulls(object, schema);
    }

    /// Everything that is wrong with an object that came in a version, apart from its metadata.
    ///
    /// @param warnings takes what was wrong before as well
    public static List<FieldError> check(
            KindDefinition kind, KindVersion version, View object, View old, Consumer<String> warnings) {
        var errors = new FieldErrors();
        structure(object.value(), old.value(), version.schema(), "", errors);
        EmbeddedResources.validate(object.value(), version.schema(), "", errors);
        lists(version, object, old, errors);
        kind.scale().ifPresent(scale -> {
            replicas(object, scale.specReplicas(), errors);
            statusOfScale(object, scale, errors);
        });
        return ruled(version, object, old, errors, warnings);
    }

    /// Everything that is wrong after a write of the status: whatever else the schema has against an object that is
    /// there does not keep its status from being told. A status is checked as if it were an object by itself.
    public static List<FieldError> checkStatus(
            KindDefinition kind, KindVersion version, View object, View old, Consumer<String> warnings) {
        var errors = new FieldErrors();
        var schema = version.schema().property("status");
        structure(object.get("status").value(), old.get("status").value(), schema, "status", errors);
        lists(version, object, old, errors);
        kind.scale().ifPresent(scale -> statusOfScale(object, scale, errors));
        return ruled(version, object, old, errors, warnings);
    }

    /// @param path of the value in its object, which messages do not have
    private static void structure(
            @Nullable Object value, @Nullable Object old, Schema schema, String path, List<FieldError> errors) {
        var found = new FieldErrors();
        StructuralValidation.validate(value, old, schema, found);
        for (var error : found) {
            var inside = path.isEmpty() ? error : error.below(path);
            // What is wrong with the whole has no path.
            errors.add(inside.field().isEmpty() ? inside.below("<nil>") : inside);
        }
    }

    private static void lists(KindVersion version, View object, View old, List<FieldError> errors) {
        var before = new FieldErrors();
        ListTypes.validate(old.value(), version.schema(), "", before);
        if (before.isEmpty()) ListTypes.validate(object.value(), version.schema(), "", errors);
    }

    /// The rules are about objects that the schema has nothing against.
    private static List<FieldError> ruled(
            KindVersion version, View object, View old, List<FieldError> errors, Consumer<String> warnings) {
        if (errors.stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
            if (version.rules() != ObjectRules.NONE)
                errors.add(FieldError.invalid("<nil>", (Object) null, RULES_NOT_CHECKED));
            return errors;
        }
        var outcome = version.rules().check(object, old);
        errors.addAll(outcome.errors());
        outcome.warnings().forEach(warnings);
        return errors;
    }

    private static void statusOfScale(View object, KindDefinition.Scale scale, List<FieldError> errors) {
        replicas(object, scale.statusReplicas(), errors);
        if (scale.selector().isEmpty()) return;
        var wrong = unlike(object, scale.selector(), "string");
        if (!wrong.isEmpty()) errors.add(FieldError.invalid("." + scale.selector(), "", wrong));
    }

    private static void replicas(View object, String path, List<FieldError> errors) {
        var wrong = unlike(object, path, "int64");
        long number = wrong.isEmpty() ? object.path(path).longOr(0) : 0;
        if (number < 0) wrong = "should be a non-negative integer";
        else if (number > Integer.MAX_VALUE) wrong = "should be less than or equal to " + Integer.MAX_VALUE;
        if (!wrong.isEmpty()) errors.add(FieldError.invalid("." + path, number, wrong));
    }

    /// Why no value of a type is found at a path, or `""`; also where there is none at all.
    private static String unlike(View object, String path, String type) {
        Object value = object.value();
        var walked = new StringBuilder();
        for (var name : path.split("\\.")) {
            if (value == null) return "";
            walked.append('.').append(name);
            if (!(value instanceof Map<?, ?> map)) return accessor(walked, value, "map[string]interface{}");
            if (!map.containsKey(name)) return "";
            value = map.get(name);
        }
        return GoText.type(value).equals(type) ? "" : accessor(walked, value, type);
    }

    private static String accessor(CharSequence at, @Nullable Object value, String expected) {
        var type = value == null ? "<nil>" : GoText.type(value);
        return at + " accessor error: " + GoText.of(value) + " is of the type " + type + ", expected " + expected;
    }
}
