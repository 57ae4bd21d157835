package io.navarch.kinds.customresource;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// CustomResourceDefinition: the kind that makes kinds.
public final class CustomResourceDefinitionKind {
    private CustomResourceDefinitionKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions")
                .version(
                        "v1",
                        types.get("V1CustomResourceDefinition"),
                        Columns.NAME,
                        Columns.text(
                                "Created At",
                                c -> c.metadata().get("creationTimestamp").string()))
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .clusterScoped()
                .storedUnder("/registry/apiextensions.k8s.io/customresourcedefinitions/")
                .withStatus()
                .withGeneration()
                .defaultedBy(CustomResourceDefinitionKind::defaults)
                .updatedConditionally()
                .ruledBy(CustomResourceDefinitionKind::check);
    }

    private static void defaults(Map<String, Object> object) {
        var names = Trees.child(Trees.child(object, "spec"), "names");
        var kind = View.of(names).get("kind").string();
        Trees.putIfAbsent(names, kind.toLowerCase(Locale.ROOT), "singular");
        if (!kind.isEmpty()) Trees.putIfAbsent(names, kind + "List", "listKind");
        Trees.putIfAbsent(object, "None", "spec", "conversion", "strategy");
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        var expected =
                spec.get("names", "plural").string() + "." + spec.get("group").string();
        if (!old.exists() && !object.name().equals(expected)) {
            check.add(FieldError.invalid("metadata.name", object.name(), "must be spec.names.plural+\".\"+spec.group"));
        }
        var group = spec.get("group").string();
        if (check.required(spec.get("group"), "spec.group")) {
            check.name(group, "spec.group", Names.dnsSubdomain(group));
            if (!group.contains("."))
                check.add(FieldError.invalid("spec.group", group, "should be a domain with at least one dot"));
        }
        if (check.required(spec.get("scope"), "spec.scope"))
            check.oneOf(spec.get("scope"), "spec.scope", Set.of("Cluster", "Namespaced"));
        for (var field : List.of("plural", "singular", "kind", "listKind")) {
            var name = spec.get("names", field).string();
            var path = "spec.names." + field;
            if (name.isEmpty()) check.add(FieldError.required(path));
            else
                for (var text : Names.dns1035Label(name.toLowerCase(Locale.ROOT)))
                    check.add(FieldError.invalid(
                            path,
                            name,
                            Set.of("kind", "listKind").contains(field)
                                    ? "may have mixed case, but should otherwise match: " + text
                                    : text));
        }
        long stored = spec.get("versions").stream()
                .filter(version -> version.get("storage").bool())
                .count();
        if (stored != 1) {
            check.add(FieldError.invalid(
                    "spec.versions",
                    spec.get("versions").list().size(),
                    "must have exactly one version marked as storage version"));
        }
        int i = 0;
        boolean twice = false;
        var seen = new HashSet<String>();
        for (var version : spec.get("versions").views()) {
            var at = "spec.versions[" + i++ + "]";
            var name = version.get("name").string();
            check.name(name, at + ".name", Names.dns1035Label(name));
            // The first version's name also stands in the place it had before there were several.
            if (i == 1 && !name.isEmpty()) check.name(name, "spec.version", Names.dns1035Label(name));
            if (!seen.add(name)) twice = true;
            var schema = version.get("schema", "openAPIV3Schema");
            if (!schema.exists())
                check.add(FieldError.required(at + ".schema.openAPIV3Schema", "schemas are required"));
            else if (!schema.get("type").string().equals("object")) {
                check.add(
                        schema.get("type").exists()
                                ? FieldError.invalid(
                                        at + ".schema.openAPIV3Schema.type",
                                        schema.get("type").string(),
                                        "must be object at the root")
                                : FieldError.required(
                                        at + ".schema.openAPIV3Schema.type", "must not be empty at the root"));
            }
        }
        if (twice)
            check.add(FieldError.invalid("spec.versions", List.copyOf(seen), "must contain unique version names"));
        check.immutable(spec.get("scope"), old.spec().get("scope"), "spec.scope");
        check.immutable(spec.get("group"), old.spec().get("group"), "spec.group");
        return check.errors();
    }
}
