package io.navarch.kinds.configmap;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// ConfigMap and Secret.
public final class ConfigKinds {
    private static final int MAX_SIZE = 1 << 20;

    private ConfigKinds() {}

    public static KindDefinition configMap(Types types) {
        return KindDefinition.of("", "ConfigMap", "configmaps")
                .version(
                        "v1",
                        types.get("V1ConfigMap"),
                        Columns.NAME,
                        Columns.number("Data", ConfigKinds::size),
                        Columns.AGE)
                .shortNames("cm")
                .ruledBy((object, old) -> {
                    var check = new Check();
                    common(object, old, check);
                    for (var key : object.get("binaryData").map().keySet()) {
                        if (object.get("data").map().containsKey(key)) {
                            check.add(FieldError.invalid(
                                    "data[" + key + "]", key, "duplicate of key present in binaryData"));
                        }
                    }
                    return check.errors();
                });
    }

    public static KindDefinition secret(Types types) {
        return KindDefinition.of("", "Secret", "secrets")
                .version(
                        "v1",
                        types.get("V1Secret"),
                        Columns.NAME,
                        Columns.text("Type", s -> s.get("type").string()),
                        Columns.number("Data", ConfigKinds::size),
                        Columns.AGE)
                .field("type", s -> s.get("type").string())
                .normalisedBy(ConfigKinds::encodeStrings)
                .defaultedBy(secret -> Trees.putIfAbsent(secret, "Opaque", "type"))
                .ruledBy((object, old) -> {
                    var check = new Check();
                    common(object, old, check);
                    check.immutable(object.get("type"), old.get("type"), "type");
                    for (var key : requiredKeys(object.get("type").string())) {
                        if (!object.get("data").map().containsKey(key))
                            check.add(FieldError.required("data[" + key + "]"));
                    }
                    return check.errors();
                });
    }

    private static List<String> requiredKeys(String type) {
        return switch (type) {
            case "kubernetes.io/tls" -> List.of("tls.crt", "tls.key");
            case "kubernetes.io/dockerconfigjson" -> List.of(".dockerconfigjson");
            case "kubernetes.io/dockercfg" -> List.of(".dockercfg");
            case "kubernetes.io/ssh-auth" -> List.of("ssh-privatekey");
            default -> List.of();
        };
    }

    private static void encodeStrings(Map<String, Object> secret) {
        var plain = View.of(secret).get("stringData");
        if (!plain.isMap()) return;
        plain.map().forEach((key, value) -> {
            if (value instanceof String text) {
                Trees.put(
                        secret, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)), "data", key);
            }
        });
        secret.remove("stringData");
    }

    private static long size(View object) {
        return object.get("data").map().size() + object.get("binaryData").map().size();
    }

    private static void common(View object, View old, Check check) {
        long total = 0;
        for (var field : List.of("data", "binaryData")) {
            for (var entry : object.get(field).map().entrySet()) {
                check.name(entry.getKey(), field + "[" + entry.getKey() + "]", Names.configKey(entry.getKey()));
                total += String.valueOf(entry.getValue()).length();
            }
        }
        if (total > MAX_SIZE * (object.get("type").exists() ? 4L / 3 : 1L) + 4096) {
            check.add(FieldError.tooLong(
                    object.get("type").exists() ? "data" : "", "may not be more than " + MAX_SIZE + " bytes"));
        }
        if (!old.get("immutable").bool()) return;
        if (!object.get("immutable").bool())
            check.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
        for (var field : List.of("data", "binaryData")) {
            if (!Check.sameMap(object.get(field).map(), old.get(field).map())) {
                check.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }
}
