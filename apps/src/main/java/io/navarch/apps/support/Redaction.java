package io.navarch.apps.support;

import io.navarch.objects.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Leaves out of texts and objects what nobody else is to read.
public final class Redaction {
    private static final String OUT = "(left out)";

    /// Of each the first group stays.
    private static final List<Pattern> SECRETS = List.of(
            // Keys, also cut off at the end of a log.
            Pattern.compile("()-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)"),
            // Tokens of accounts, and of others that are made like them.
            Pattern.compile("()\\beyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}\\.?[A-Za-z0-9_-]*"),
            // Bootstrap tokens.
            Pattern.compile("(?<![a-z0-9.-])()[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9.-])"),
            Pattern.compile("(?i)(\\b(?:bearer|basic)\\s+)[A-Za-z0-9._~+/=-]{6,}"),
            // A word that means one, and what follows it: in YAML, JSON, flags, and what programs say.
            Pattern.compile("(?i)((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key"
                    + "|private[_-]?key|client-key-data|credentials?)[\"']?\\s*[:=]\\s*[\"']?)(?![{\\[])[^\\s\"',;&]+"),
            Pattern.compile("(?i)(--?(?:password|passwd|token|secret|api-?key)\\s+)\\S+"),
            Pattern.compile("(\\b[a-z][a-z0-9+.-]{0,30}://[^\\s:/@]*:)[^\\s@/]+(?=@)"));

    /// Whose values may be anything.
    private static final Set<String> VALUED = Set.of("env", "httpHeaders");

    /// In annotations, whole objects may stand.
    private static final Set<String> DROPPED =
            Set.of("managedFields", "kubectl.kubernetes.io/last-applied-configuration");

    private Redaction() {}

    public static String text(String text) {
        var result = text;
        for (var secret : SECRETS) result = secret.matcher(result).replaceAll("$1" + OUT);
        return result;
    }

    /// An object as JSON, without values of variables and headers.
    static String object(Map<String, Object> object) {
        return text(Json.writeString(tree(object, false)));
    }

    /// @param valued whether its `value` is to be left out
    private static @Nullable Object tree(@Nullable Object tree, boolean valued) {
        if (tree instanceof List<?> list)
            return list.stream().map(each -> tree(each, valued)).toList();
        if (!(tree instanceof Map<?, ?> map)) return tree;
        var result = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> {
            var name = String.valueOf(key);
            if (DROPPED.contains(name)) return;
            result.put(name, valued && name.equals("value") ? OUT : tree(value, VALUED.contains(name)));
        });
        return result;
    }
}
