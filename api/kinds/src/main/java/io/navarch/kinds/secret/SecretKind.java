package io.navarch.kinds.secret;

import io.navarch.kinds.configmap.ConfigData;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Secret.
public final class SecretKind {
    private static final String ACCOUNT = "kubernetes.io/service-account.name";

    private SecretKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Secret", "secrets")
                .version(
                        "v1",
                        types.get("V1Secret"),
                        Columns.NAME,
                        Columns.at("Type", "type"),
                        Columns.number("Data", s -> (long) s.get("data").map().size()),
                        Columns.AGE)
                .fieldAt("type")
                .normalisedBy(SecretKind::encodeStrings)
                .ruledBy(SecretKind::check);
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        ConfigData.check(object, old, List.of("data"), "data", check);
        if (old.exists()) check.immutable(object.get("type"), old.get("type"), "type");
        var data = object.get("data").map();
        switch (object.get("type").string()) {
            case "kubernetes.io/service-account-token" -> {
                if (object.annotation(ACCOUNT).isEmpty())
                    check.add(FieldError.required("metadata.annotations[" + ACCOUNT + "]"));
            }
            case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", check);
            case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", check);
            case "kubernetes.io/basic-auth" -> {
                if (!data.containsKey("username") && !data.containsKey("password")) {
                    check.add(FieldError.required("data[%s][username]"));
                    check.add(FieldError.required("data[%s][password]"));
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (String.valueOf(data.getOrDefault("ssh-privatekey", "")).isEmpty())
                    check.add(FieldError.required("data[%s][ssh-privatekey]"));
            }
            case "kubernetes.io/tls" -> {
                for (var key : List.of("tls.crt", "tls.key"))
                    if (!data.containsKey(key)) check.add(FieldError.required("data[" + key + "]"));
            }
            default -> {}
        }
        return check.errors();
    }

    private static void json(Map<String, Object> data, String key, Check check) {
        if (!(data.get(key) instanceof String encoded)) {
            check.add(FieldError.required("data[" + key + "]"));
            return;
        }
        try {
            Json.parse(Base64.getDecoder().decode(encoded));
        } catch (Json.MalformedException | IllegalArgumentException e) {
            check.add(FieldError.invalid(
                    "data[" + key + "]", "<secret contents redacted>", String.valueOf(e.getMessage())));
        }
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
}
