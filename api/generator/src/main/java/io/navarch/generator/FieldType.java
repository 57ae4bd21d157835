package io.navarch.generator;

import java.util.Optional;

/// How a field's type looks in Java, and how a value of it is read.
///
/// @param java the type of a value
/// @param boxed the same where generics need a class
/// @param reader a function from what the tree holds to a value
/// @param structure the type's name when it is a structure, else `""`
record FieldType(String java, String boxed, String reader, String structure) {
    /// @param enumeration the enum of the field, or of its elements
    static FieldType of(String type, Naming naming, Optional<String> enumeration) {
        if (type.startsWith("[")) {
            var element = of(type.substring(1), naming, enumeration);
            var list = "List<" + element.boxed + ">";
            return new FieldType(list, list, "value -> Structure.asList(value, " + element.reader + ")", "");
        }
        if (type.equals("{s"))
            return new FieldType("Map<String, String>", "Map<String, String>", "Structure::asStrings", "");
        if (type.startsWith("{")) {
            var element = of(type.substring(1), naming, enumeration);
            var map = "Map<String, " + element.boxed + ">";
            return new FieldType(map, map, "value -> Structure.asMap(value, " + element.reader + ")", "");
        }
        if (enumeration.isPresent() && type.equals("s"))
            return new FieldType(
                    enumeration.get(),
                    enumeration.get(),
                    "value -> " + enumeration.get() + ".of(Structure.asString(value))",
                    "");
        return switch (type) {
            case "s" -> simple("String", "String", "asString");
            case "i" -> simple("int", "Integer", "asInt");
            case "l" -> simple("long", "Long", "asLong");
            case "d" -> simple("double", "Double", "asDouble");
            case "b" -> simple("boolean", "Boolean", "asBoolean");
            case "t" -> simple("Optional<Instant>", "Optional<Instant>", "asTime");
            case "y" -> simple("byte[]", "byte[]", "asBytes");
            case "q" -> simple("Quantity", "Quantity", "asQuantity");
            case "x" -> simple("IntOrString", "IntOrString", "asIntOrString");
            default -> {
                var name = naming.type(type);
                yield name.isEmpty()
                        ? simple("View", "View", "asView")
                        : new FieldType(name, name, name + "::new", name);
            }
        };
    }

    private static FieldType simple(String java, String boxed, String reader) {
        return new FieldType(java, boxed, "Structure::" + reader, "");
    }
}
