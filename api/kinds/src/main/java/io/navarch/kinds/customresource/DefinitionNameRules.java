package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.objects.Names;
import java.util.List;
import java.util.Locale;

/// The names of a definition, as asked for and as accepted.
final class DefinitionNameRules {
    private DefinitionNameRules() {}

    /// All that is wrong with a name in one error.
    static void joined(String name, String path, List<String> wrong, String before, Check check) {
        if (!wrong.isEmpty()) check.invalid(path, name, before + String.join(",", wrong));
    }

    /// The names that a definition must have.
    static void needed(CustomResourceDefinitionNames names, String path, Check check) {
        check.required(names.plural(), path + "plural");
        check.required(names.singular(), path + "singular");
        check.required(names.kind(), path + "kind");
        check.required(names.listKind(), path + "listKind");
    }

    static void names(CustomResourceDefinitionNames names, String path, Check check) {
        name(names.plural(), path + "plural", false, check);
        name(names.singular(), path + "singular", false, check);
        name(names.kind(), path + "kind", true, check);
        name(names.listKind(), path + "listKind", true, check);
        Check.each(
                names.shortNames(),
                path + "shortNames",
                (name, at) -> joined(name, at, Names.dns1035Label(name), "", check));
        if (!names.kind().isEmpty() && names.kind().equals(names.listKind()))
            check.invalid(path + "listKind", names.kind(), "kind and listKind may not be the same");
        Check.each(
                names.categories(),
                path + "categories",
                (name, at) -> joined(name, at, Names.dns1035Label(name), "", check));
    }

    private static void name(String name, String path, boolean mixedCase, Check check) {
        if (name.isEmpty()) return;
        joined(
                name,
                path,
                Names.dns1035Label(mixedCase ? name.toLowerCase(Locale.ROOT) : name),
                mixedCase ? "may have mixed case, but should otherwise match: " : "",
                check);
    }
}
