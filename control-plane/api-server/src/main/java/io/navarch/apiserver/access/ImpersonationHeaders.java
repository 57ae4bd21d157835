package io.navarch.apiserver.access;

import io.navarch.apiserver.request.Call;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Whom the headers of a call ask to be taken for, exactly as they say it: nothing is added yet.
final class ImpersonationHeaders {
    private ImpersonationHeaders() {}

    /// @throws ApiException 400 for groups, uid or extra values of nobody
    static Optional<User> read(Call call) {
        String name = null;
        String uid = null;
        var groups = new ArrayList<String>();
        var extra = new TreeMap<String, List<String>>();
        for (var header : call.headers()) {
            var key = header.getKey();
            var value = header.getValue();
            if (key.equalsIgnoreCase(HeaderNames.IMPERSONATE_USER)) name = name == null ? value : name;
            else if (key.equalsIgnoreCase(HeaderNames.IMPERSONATE_UID)) uid = uid == null ? value : uid;
            else if (key.equalsIgnoreCase(HeaderNames.IMPERSONATE_GROUP)) groups.add(value);
            else if (extra(key))
                extra.computeIfAbsent(
                                unescaped(key.substring(HeaderNames.IMPERSONATE_EXTRA.length())),
                                each -> new ArrayList<>())
                        .add(value);
        }
        var wanted = new User(
                name == null ? "" : name,
                uid == null ? "" : uid,
                List.copyOf(groups),
                Collections.unmodifiableMap(extra));
        if (!wanted.name().isEmpty()) return Optional.of(wanted);
        if (wanted.uid().isEmpty() && groups.isEmpty() && extra.isEmpty()) return Optional.empty();
        throw ApiException.badRequest("requested " + printed(wanted, extra) + " without impersonating a user name");
    }

    private static boolean extra(String header) {
        var prefix = HeaderNames.IMPERSONATE_EXTRA;
        return header.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /// The key that a header's name stands for: names of headers have no case and no slashes, so it is percent-encoded.
    /// One that is badly encoded is taken as it is.
    private static String unescaped(String header) {
        var text = header.toLowerCase(Locale.ROOT);
        var bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) return text;
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static String printed(User user, TreeMap<String, List<String>> extra) {
        var groups = user.groups().isEmpty() ? "[]string(nil)" : list(user.groups());
        var values = extra.isEmpty()
                ? "map[string][]string(nil)"
                : extra.entrySet().stream()
                        .map(entry -> GoText.quoted(entry.getKey()) + ":" + list(entry.getValue()))
                        .collect(Collectors.joining(", ", "map[string][]string{", "}"));
        return "&user.DefaultInfo{Name:\"\", UID:" + GoText.quoted(user.uid()) + ", Groups:" + groups + ", Extra:"
                + values + "}";
    }

    private static String list(List<String> texts) {
        return texts.stream().map(GoText::quoted).collect(Collectors.joining(", ", "[]string{", "}"));
    }
}
