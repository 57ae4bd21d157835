package io.navarch.expressions;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The types of the object literals in an expression, such as `Object.spec{…}`: their fields are those that it sets.
final class ObjectTypes {
    private ObjectTypes() {}

    // Types name each other, so fields are looked up when they are asked for; all are known by then.
    @SuppressWarnings("Immutable")
    static Map<String, CelType> in(CelValidationResult parsed) throws CelValidationException {
        // What is wrong is told by whoever compiles it next.
        if (parsed.hasError()) return Map.of();
        var fields = new LinkedHashMap<String, Set<String>>();
        // Fields that hold something else than a single object, such as a list of them.
        var plain = new HashSet<String>();
        fields.put("Object", new LinkedHashSet<>());
        CelNavigableAst.fromAst(parsed.getAst())
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.STRUCT)
                .forEach(node -> {
                    var struct = node.expr().struct();
                    var known = fields.computeIfAbsent(struct.messageName(), any -> new LinkedHashSet<>());
                    struct.entries().forEach(entry -> {
                        known.add(entry.fieldKey());
                        if (entry.value().getKind() != CelExpr.ExprKind.Kind.STRUCT)
                            plain.add(struct.messageName() + "." + entry.fieldKey());
                    });
                });
        var types = new HashMap<String, CelType>();
        fields.forEach((name, known) -> {
            if (!name.equals("Object") && !name.startsWith("Object.")) return;
            types.put(
                    name,
                    StructType.create(
                            name,
                            ImmutableSet.copyOf(known),
                            field -> Optional.of(
                                    plain.contains(name + "." + field)
                                            ? SimpleType.DYN
                                            : types.getOrDefault(name + "." + field, SimpleType.DYN))));
        });
        return types;
    }
}
