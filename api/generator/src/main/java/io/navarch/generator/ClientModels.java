package io.navarch.generator;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.JarURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/// The model classes of the official Java client, read by reflection.
final class ClientModels {
    private static final String PACKAGE = "io.kubernetes.client.openapi.models.";

    /// A field by its name in JSON.
    ///
    /// @param type `s` string, `i` int32, `l` int64, `d` number, `b` boolean, `t` date-time, `y` bytes,
    ///     `q` quantity, `x` int or string, `a` anything; `[` and `{` before the element type of lists and
    ///     maps; a model by its name
    record Property(String name, String type, Field field) {}

    private ClientModels() {}

    /// The names of all models that belong to a version of the API, sorted.
    static List<String> names() throws IOException {
        var resource = V1Pod.class.getResource("V1Pod.class");
        if (resource == null) throw new IOException("the client's models are not on the class path");
        var connection = (JarURLConnection) resource.openConnection();
        try (JarFile file = connection.getJarFile()) {
            return file.stream()
                    .map(entry -> entry.getName().replace('/', '.'))
                    .filter(name -> name.startsWith(PACKAGE) && name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.substring(PACKAGE.length(), name.length() - ".class".length()))
                    .filter(name -> name.matches("([A-Z][a-z0-9]+)?V[0-9].*|VersionInfo"))
                    .sorted()
                    .toList();
        }
    }

    static Class<?> model(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }

    static List<Property> properties(Class<?> model) {
        var result = new ArrayList<Property>();
        for (var field : model.getDeclaredFields()) {
            var serialized = field.getAnnotation(SerializedName.class);
            if (serialized == null || Modifier.isStatic(field.getModifiers())) continue;
            result.add(new Property(serialized.value(), type(field.getGenericType()), field));
        }
        return result;
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) return "[" + type(arguments[0]);
            if (generic.getRawType() == Map.class) return "{" + type(arguments[1]);
        }
        var name = type.getTypeName();
        return switch (name) {
            case "java.lang.String" -> "s";
            case "java.lang.Integer" -> "i";
            case "java.lang.Long" -> "l";
            case "java.lang.Double" -> "d";
            case "java.lang.Boolean" -> "b";
            case "java.time.OffsetDateTime" -> "t";
            case "byte[]" -> "y";
            case "io.kubernetes.client.custom.Quantity" -> "q";
            case "io.kubernetes.client.custom.IntOrString" -> "x";
            default -> name.startsWith(PACKAGE) ? name.substring(PACKAGE.length()) : "a";
        };
    }
}
