package io.navarch.apiserver.request;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.CanonicalForm;
import io.navarch.schema.walk.CustomForm;
import io.navarch.schema.walk.Defaulting;
import io.navarch.schema.walk.GoTypeErrors;
import io.navarch.schema.walk.Pruning;
import io.navarch.schema.walk.UnknownFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Brings a sent object into its kind's form: types are checked, unknown fields are removed, and `fieldValidation` says
/// whether somebody is told.
public final class FieldValidation {
    private static final String STRICT = "Strict";
    private static final String IGNORE = "Ignore";

    /// So many complaints Go's decoder collects.
    private static final int MOST = 100;

    private FieldValidation() {}

    /// @param duplicates fields that were sent more than once
    /// @param refusal what is answered to a value of a wrong type, and to unknown fields where they are refused
    /// @throws ApiException for wrong types; and for unknown fields where the client wants that
    public static void apply(
            ResourceRequest request,
            Map<String, Object> tree,
            List<Json.Duplicate> duplicates,
            Function<String, ApiException> refusal) {
        apply(request, tree, duplicates, GoTypeErrors::find, refusal);
    }

    /// Finds the first value of a wrong type.
    public interface TypeCheck {
        Optional<String> error(Map<String, Object> tree, Schema schema, String name);
    }

    /// As above, with types checked by somebody else.
    public static void apply(
            ResourceRequest request,
            Map<String, Object> tree,
            List<Json.Duplicate> duplicates,
            TypeCheck types,
            Function<String, ApiException> refusal) {
        var endpoint = request.endpoint();
        var kind = endpoint.kind();
        var schema = endpoint.version().schema();
        kind.readOldForm(tree).forEach(request.response()::warn);
        kind.normalise(tree);
        if (!kind.custom()) {
            apply(request, tree, new Type(kind.kind(), schema), duplicates, types, refusal);
            return;
        }
        var order = order(tree, duplicates);
        var unknown = new UnknownFields();
        CustomForm.prune(tree, schema, unknown);
        formMetadata(tree, schema);
        CustomForm.dropNulls(tree, schema);
        complain(request, unknown.paths().stream().sorted().toList(), duplicates, order, refusal);
    }

    /// What a tree is to be.
    public record Type(String kind, Schema schema) {}

    /// As above, for something that is of another type than its resource's objects, such as a Scale or a Binding.
    public static void apply(
            ResourceRequest request,
            Map<String, Object> tree,
            Type type,
            List<Json.Duplicate> duplicates,
            TypeCheck types,
            Function<String, ApiException> refusal) {
        var error = types.error(tree, type.schema, type.kind);
        if (error.isPresent()) throw refusal.apply(error.get());
        var order = order(tree, duplicates);
        var unknown = new UnknownFields();
        Pruning.prune(tree, type.schema, "", unknown);
        CanonicalForm.apply(tree, type.schema);
        complain(request, unknown.paths(), duplicates, order, refusal);
    }

    /// Brings what others have made of an object into its kind's form. Nobody is told of fields that it does not have.
    ///
    /// @param refusal what is answered to a value of a wrong type
    public static void quietly(Endpoint endpoint, Map<String, Object> tree, Function<String, ApiException> refusal) {
        var kind = endpoint.kind();
        var schema = endpoint.version().schema();
        kind.readOldForm(tree);
        kind.normalise(tree);
        if (!kind.custom()) {
            quietly(tree, new Type(kind.kind(), schema), refusal);
            return;
        }
        CustomForm.prune(tree, schema, new UnknownFields());
        formMetadata(tree, schema);
        CustomForm.dropNulls(tree, schema);
    }

    /// As above, for something of another type.
    public static void quietly(Map<String, Object> tree, Type type, Function<String, ApiException> refusal) {
        var error = GoTypeErrors.find(tree, type.schema, type.kind);
        if (error.isPresent()) throw refusal.apply(error.get());
        Pruning.prune(tree, type.schema, "", new UnknownFields());
        CanonicalForm.apply(tree, type.schema);
    }

    private static Optional<FieldOrder> order(Map<String, Object> tree, List<Json.Duplicate> duplicates) {
        return duplicates.isEmpty() ? Optional.empty() : Optional.of(new FieldOrder(tree));
    }

    /// Custom resources are free in form, except for their metadata.
    private static void formMetadata(Map<String, Object> tree, Schema schema) {
        var metadata = View.of(tree).metadata().map();
        CanonicalForm.apply(metadata, schema.property(AnyObject.METADATA));
        Defaulting.dropNulls(metadata, schema.property(AnyObject.METADATA));
    }

    /// Brings what was applied, merged with what was there, into its kind's form. A custom resource stays as it is: who
    /// applies has been told what its schema does not know, and what is `null` was meant so.
    public static void applyMerged(
            ResourceRequest request,
            Map<String, Object> tree,
            TypeCheck types,
            Function<String, ApiException> refusal) {
        if (request.endpoint().kind().custom())
            formMetadata(tree, request.endpoint().version().schema());
        else apply(request, tree, List.of(), types, refusal);
    }

    private record Complaint(double place, String text) {}

    /// @param order where fields stood; unknown ones alone are found in that order
    private static void complain(
            ResourceRequest request,
            List<String> unknown,
            List<Json.Duplicate> duplicates,
            Optional<FieldOrder> order,
            Function<String, ApiException> refusal) {
        if (unknown.isEmpty() && duplicates.isEmpty()) return;
        var lines = new ArrayList<String>();
        var ofPatch = new ArrayList<String>();
        var ofFields = new ArrayList<Complaint>();
        for (var duplicate : duplicates) {
            switch (duplicate) {
                case Json.Duplicate.Key key -> lines.add(key.complaint());
                case Json.Duplicate.InPatch key -> ofPatch.add(key.complaint());
                case Json.Duplicate.Field field when field.inside(unknown) -> {}
                case Json.Duplicate.Field field ->
                    ofFields.add(new Complaint(order.map(all -> all.of(field)).orElse(0.0), field.complaint()));
            }
        }
        for (var field : unknown)
            ofFields.add(new Complaint(order.map(all -> all.of(field)).orElse(0.0), "unknown field \"" + field + "\""));
        ofFields.sort(Comparator.comparingDouble(Complaint::place));
        var told = request.endpoint().kind().custom() ? ofFields : ofFields.subList(0, Math.min(MOST, ofFields.size()));
        var others = Stream.concat(ofPatch.stream().limit(MOST), told.stream().map(Complaint::text))
                .toList();
        report(
                request,
                Stream.concat(lines.stream(), others.stream()).toList(),
                () -> refusal.apply("strict decoding error: " + strict(lines, others)));
    }

    /// The complaints of the YAML reader are one error among the others.
    private static String strict(List<String> lines, List<String> others) {
        if (lines.isEmpty()) return String.join(", ", others);
        var first = Stream.of("yaml: unmarshal errors:\n  " + String.join("\n  ", lines));
        return Stream.concat(first, others.stream()).collect(Collectors.joining(", "));
    }

    /// Refuses, warns or says nothing, as the client wants.
    ///
    /// @param refusal the error for all complaints
    public static void report(ResourceRequest request, List<String> complaints, Supplier<ApiException> refusal) {
        switch (request.call().query("fieldValidation")) {
            case STRICT -> throw refusal.get();
            case IGNORE -> {}
            default -> complaints.forEach(request.response()::warn);
        }
    }

    static String cannotBeHandled(ResourceRequest request) {
        var endpoint = request.endpoint();
        var kind = endpoint.kind().kind();
        return kind + " in version \"" + endpoint.version().name() + "\" cannot be handled as a " + kind + ": ";
    }
}
