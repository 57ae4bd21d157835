package io.navarch.apiserver.cache;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldSelector;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import java.util.ArrayList;

/// The objects that a list, a watch or the deletion of a collection is about.
public record Selection(String prefix, String namespace, LabelSelector labels, FieldSelector fields) {
    /// Reads the selectors of a request for one kind.
    ///
    /// @param version of a custom kind each has labels of its own for fields
    /// @param name the only name that is selected, or `""`
    /// @throws ApiException 400 for selectors that cannot be parsed or name an unknown field
    public static Selection parse(
            KindDefinition kind,
            KindVersion version,
            String namespace,
            String name,
            String labelSelector,
            String fieldSelector) {
        LabelSelector labels;
        FieldSelector fields;
        try {
            labels = LabelSelectorParser.parse(labelSelector);
            fields = FieldSelector.parse(fieldSelector);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
        for (var term : fields.terms()) check(kind, version, term.path());
        if (!name.isEmpty()) {
            var byName = new ArrayList<>(fields.terms());
            byName.add(new FieldSelector.Term("metadata.name", true, name));
            fields = new FieldSelector(byName);
        }
        boolean narrowed = kind.namespaced() && !namespace.isEmpty();
        return new Selection(kind.storagePrefix() + (narrowed ? namespace + "/" : ""), namespace, labels, fields);
    }

    private static void check(KindDefinition kind, KindVersion version, String path) {
        if (kind.custom()) {
            boolean named = path.equals("metadata.name") || kind.namespaced() && path.equals("metadata.namespace");
            if (!named && !version.selectable().contains(path)) throw ApiException.badRequest(kind.unknownField(path));
            return;
        }
        boolean known = path.equals("metadata.name")
                || (kind.namespaced() || kind.fields().isEmpty()) && path.equals("metadata.namespace")
                || kind.fields().containsKey(path);
        if (known) return;
        throw ApiException.badRequest(
                kind.fields().isEmpty()
                        ? "\"" + path
                                + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        : kind.unknownField(path));
    }

    /// All objects below a prefix.
    public static Selection all(String prefix) {
        return new Selection(prefix, "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
    }

    /// What can be told without knowing how a version shows objects: where they are, and what they are called.
    public Selection ofPlaces() {
        var names = fields.terms().stream()
                .filter(term -> term.path().startsWith("metadata."))
                .toList();
        return new Selection(prefix, namespace, LabelSelector.EVERYTHING, new FieldSelector(names));
    }

    public boolean everything() {
        return labels.isEmpty() && fields.isEmpty();
    }

    public boolean matches(StoredObject object) {
        return object.key().startsWith(prefix) && picks(object);
    }

    /// Whether an object that is known to be below the prefix is selected.
    public boolean picks(StoredObject object) {
        return (labels.isEmpty() || labels.matches(object.labels()))
                && (fields.isEmpty() || fields.matches(object::field));
    }
}
