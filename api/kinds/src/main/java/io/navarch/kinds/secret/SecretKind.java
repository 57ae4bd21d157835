package io.navarch.kinds.secret;

import io.navarch.kinds.configmap.ConfigData;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Secret: data that only those may read who need it; some types promise certain keys.
public final class SecretKind {
    private SecretKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SECRETS)
                .version(
                        types.get("V1Secret"),
                        columns -> columns.name()
                                .text("Type", Secret::type)
                                .untyped("Data", secret -> (long) data(secret).size())
                                .age())
                .field("type", Secret::type)
                .normalisedBy(SecretKind::encodeStrings)
                .ruledBy(SecretKind::check)
                .warning((secret, old) -> warnings(secret))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// The values as they are written: in base64.
    private static Map<String, Object> data(Secret secret) {
        return secret.raw(Secret.DATA).map();
    }

    /// A pair of certificate and key that is none is taken, but said.
    private static List<String> warnings(Secret secret) {
        if (!secret.type().equals(SecretTypes.TLS)) return List.of();
        return TlsPair.error(text(secret, SecretTypes.TLS_CERTIFICATE), text(secret, SecretTypes.TLS_KEY)).stream()
                .toList();
    }

    private static String text(Secret secret, String key) {
        var value = Base64.getMimeDecoder().decode(String.valueOf(data(secret).getOrDefault(key, "")));
        return new String(value, StandardCharsets.ISO_8859_1);
    }

    private static List<FieldError> check(Secret secret, Secret old) {
        var check = new Check();
        ConfigData.check(secret, old, List.of(Secret.DATA), "data", check);
        if (old.exists()) check.immutable(secret.raw(Secret.TYPE), old.raw(Secret.TYPE), "type");
        var data = data(secret);
        switch (secret.type()) {
            case SecretTypes.SERVICE_ACCOUNT_TOKEN -> {
                if (secret.annotation(SecretTypes.SERVICE_ACCOUNT_NAME).isEmpty())
                    check.add(FieldError.required("metadata.annotations[" + SecretTypes.SERVICE_ACCOUNT_NAME + "]"));
            }
            case SecretTypes.DOCKER_CONFIG -> json(data, SecretTypes.DOCKER_CONFIG_KEY, check);
            case SecretTypes.DOCKER_CONFIG_JSON -> json(data, SecretTypes.DOCKER_CONFIG_JSON_KEY, check);
            case SecretTypes.BASIC_AUTH -> {
                if (!data.containsKey("username") && !data.containsKey("password")) {
                    check.add(FieldError.required("data[username]"));
                    check.add(FieldError.required("data[password]"));
                }
            }
            case SecretTypes.SSH_AUTH -> {
                if (String.valueOf(data.getOrDefault("ssh-privatekey", "")).isEmpty())
                    check.add(FieldError.required("data[ssh-privatekey]"));
            }
            case SecretTypes.TLS -> {
                for (var key : List.of(SecretTypes.TLS_CERTIFICATE, SecretTypes.TLS_KEY))
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

    private static void encodeStrings(Map<String, Object> object) {
        var secret = Secret.edit(object);
        if (!(secret.build().raw(Secret.STRING_DATA).value() instanceof Map<?, ?> strings)) return;
        // What is no text is refused with the field that it was sent in.
        if (!strings.values().stream().allMatch(text -> text == null || text instanceof String)) return;
        strings.forEach((key, text) -> secret.putData(
                (String) key, text == null ? new byte[0] : ((String) text).getBytes(StandardCharsets.UTF_8)));
        secret.clearStringData();
    }
}
