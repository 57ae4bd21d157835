package io.navarch.kinds.types;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.openapi.models.V1Pod;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;

/// Build step: writes the fields, types and texts of the official client's models, one type a line, to two files
/// (`types`, `descriptions`) in the folder given. Nothing of it is committed.
public final class TypeExtractor {
    private static final String PACKAGE = "io.kubernetes.client.openapi.models.";

    private TypeExtractor() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        try (var types = Files.newBufferedWriter(folder.resolve("types"));
                var texts = Files.newBufferedWriter(folder.resolve("descriptions"))) {
            for (var name : models()) extract(Class.forName(PACKAGE + name), types, texts);
        }
        joinOverlays(folder);
    }

    /// Joins the overlays of the kinds' folders, which lie beside this one, to one file of `Type.field`, tab, words.
    private static void joinOverlays(Path folder) throws IOException {
        var facts = new TreeMap<String, String>();
        try (var files = Files.walk(folder.getParent())) {
            for (var file : files.filter(path -> path.endsWith("overlay.txt")).toList()) {
                for (var line : Files.readAllLines(file)) {
                    if (line.isBlank() || line.startsWith("#")) continue;
                    var parts = line.strip().split("\\s+", 2);
                    for (var name : parts[0].split(",")) facts.merge(name, parts[1], (a, b) -> a + " " + b);
                }
            }
        }
        try (var out = Files.newBufferedWriter(folder.resolve("overlay"))) {
            for (var fact : facts.entrySet()) out.write(fact.getKey() + "\t" + fact.getValue() + "\n");
        }
    }

    private static List<String> models() throws Exception {
        var connection =
                (JarURLConnection) V1Pod.class.getResource("V1Pod.class").openConnection();
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

    private static void extract(Class<?> model, Writer types, Writer texts) throws IOException {
        Map<String, Object> properties = new TreeMap<>();
        Map<String, Object> descriptions = new TreeMap<>();
        var required = new ArrayList<Object>();
        for (var field : model.getDeclaredFields()) {
            var serialized = field.getAnnotation(SerializedName.class);
            if (serialized == null || Modifier.isStatic(field.getModifiers())) continue;
            properties.put(serialized.value(), type(field.getGenericType()));
            var property = property(model, field);
            if (property == null) continue;
            if (property.required()) required.add(serialized.value());
            if (!property.value().isEmpty()) descriptions.put(serialized.value(), property.value());
        }
        var about = model.getAnnotation(ApiModel.class);
        if (about != null && !about.description().isEmpty()) descriptions.put("", about.description());
        var type = Trees.map("properties", properties, "required", required.isEmpty() ? null : required);
        types.write(model.getSimpleName() + "\t" + Json.writeString(type) + "\n");
        texts.write(model.getSimpleName() + "\t" + Json.writeString(descriptions) + "\n");
    }

    private static ApiModelProperty property(Class<?> model, Field field) {
        var name = field.getName().replaceFirst("^_", "");
        for (var method : model.getDeclaredMethods()) {
            if (method.getParameterCount() == 0 && method.getName().equalsIgnoreCase("get" + name)) {
                return method.getAnnotation(ApiModelProperty.class);
            }
        }
        return null;
    }

    /// `s` string, `i` int32, `l` int64, `d` number, `b` boolean, `t` date-time, `y` bytes, `q` quantity, `x` int or
    /// string, `a` anything; `[` and `{` before the element type of lists and maps; a model by its name.
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
