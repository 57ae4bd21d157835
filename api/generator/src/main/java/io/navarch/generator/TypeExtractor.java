package io.navarch.generator;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Build step: writes the fields, types and texts of the official client's models, one type a line, to two files
/// (`types`, `descriptions`) in the folder given, and joins the kinds' overlays, which lie beside it, to a third
/// (`overlay`: `Type.field`, tab, words).
public final class TypeExtractor {
    private TypeExtractor() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        try (var types = Files.newBufferedWriter(folder.resolve("types"));
                var texts = Files.newBufferedWriter(folder.resolve("descriptions"))) {
            for (var name : ClientModels.names()) extract(ClientModels.model(name), types, texts);
        }
        try (var out = Files.newBufferedWriter(folder.resolve("overlay"))) {
            for (var fact :
                    Overlays.below(folder.resolve("..").normalize()).words().entrySet())
                out.write(fact.getKey() + "\t" + fact.getValue() + "\n");
        }
    }

    private static void extract(Class<?> model, Writer types, Writer texts) throws IOException {
        Map<String, Object> properties = new TreeMap<>();
        Map<String, Object> descriptions = new TreeMap<>();
        var required = new ArrayList<Object>();
        for (var property : ClientModels.properties(model)) {
            properties.put(property.name(), property.type());
            annotation(model, property).ifPresent(facts -> {
                if (facts.required()) required.add(property.name());
                if (!facts.value().isEmpty()) descriptions.put(property.name(), facts.value());
            });
        }
        var about = model.getAnnotation(ApiModel.class);
        if (about != null && !about.description().isEmpty()) descriptions.put("", about.description());
        Map<String, Object> type = Trees.map("properties", properties);
        if (!required.isEmpty()) type.put("required", required);
        types.write(model.getSimpleName() + "\t" + Json.writeString(type) + "\n");
        texts.write(model.getSimpleName() + "\t" + Json.writeString(descriptions) + "\n");
    }

    private static Optional<ApiModelProperty> annotation(Class<?> model, ClientModels.Property property) {
        var getter = "get" + property.field().getName().replaceFirst("^_", "");
        for (var method : model.getDeclaredMethods()) {
            if (method.getParameterCount() == 0 && method.getName().equalsIgnoreCase(getter))
                return Optional.ofNullable(method.getAnnotation(ApiModelProperty.class));
        }
        return Optional.empty();
    }
}
