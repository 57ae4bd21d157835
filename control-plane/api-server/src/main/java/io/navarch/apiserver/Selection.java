package io.navarch.apiserver;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldSelector;
import io.navarch.objects.LabelSelector;
import io.navarch.schema.KindDefinition;

/// Which objects a list, watch or deletecollection is about.
record Selection(String prefix, String namespace, LabelSelector labels, FieldSelector fields) {
    /// Reads the selectors of a request.
    ///
    /// @throws ApiException 400 for selectors that cannot be parsed or name an unknown field
    static Selection of(RequestContext context) {
        var call = context.call();
        LabelSelector labels;
        FieldSelector fields;
        try {
            labels = LabelSelector.parse(call.query("labelSelector"));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
        try {
            fields = FieldSelector.parse(call.query("fieldSelector"));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
        var kind = context.endpoint.kind();
        for (var term : fields.terms()) check(kind, term.path());
        if (!context.info.name().isEmpty()) {
            var byName = new java.util.ArrayList<>(fields.terms());
            byName.add(new FieldSelector.Term("metadata.name", true, context.info.name()));
            fields = new FieldSelector(byName);
        }
        var namespace = context.info.namespace();
        return new Selection(context.endpoint.prefix(namespace), namespace, labels, fields);
    }

    private static void check(KindDefinition kind, String path) {
        boolean known = path.equals("metadata.name")
                || kind.namespaced() && path.equals("metadata.namespace")
                || kind.fields().containsKey(path);
        if (known) return;
        throw ApiException.badRequest(
                kind.fields().isEmpty()
                        ? "\"" + path
                                + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        : "field label not supported: " + path);
    }

    /// All objects below a prefix.
    static Selection all(String prefix) {
        return new Selection(prefix, "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
    }

    boolean everything() {
        return labels.isEmpty() && fields.isEmpty();
    }

    boolean matches(Stored object) {
        return object.key().startsWith(prefix) && picks(object);
    }

    /// Whether an object below the prefix is one of those.
    boolean picks(Stored object) {
        return (labels.isEmpty() || labels.matches(object.labels()))
                && (fields.isEmpty() || fields.matches(object::field));
    }
}
