package io.navarch.expressions;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;

/// The names of types: as a [CelEnvironment] writes them, `list<int>`, and as messages show them, `list(int)`.
final class Types {
    private Types() {}

    static String name(CelType type) {
        var name = type.name();
        if (type.equals(SimpleType.NULL_TYPE)) return "null";
        if (type.parameters().isEmpty()) return name.equals("any") ? "dyn" : name;
        var inner = type.parameters().stream().map(Types::name).toList();
        var head = name.equals("optional_type") ? "optional" : name;
        return head + "<" + String.join(",", inner) + ">";
    }

    static String shown(String type) {
        return type.replace('<', '(').replace('>', ')').replace(",", ", ");
    }

    static String shown(CelType type) {
        return shown(name(type));
    }
}
