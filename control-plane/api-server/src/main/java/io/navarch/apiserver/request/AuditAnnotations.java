package io.navarch.apiserver.request;

import io.navarch.objects.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an audit of a call tells besides the call itself: what those have said who were asked about it.
final class AuditAnnotations {
    private static final Logger LOG = LoggerFactory.getLogger(AuditAnnotations.class);

    /// So many signs are kept of one call, names and values; those who are asked say as much as they like.
    private static final int MOST = 1 << 18;

    private final Map<String, String> all = new LinkedHashMap<>();
    private int length;

    /// The first value of a name stays.
    ///
    /// @param key a qualified name: `PREFIX/NAME`
    void add(String key, String value) {
        if (!key.contains("/") || !Names.qualifiedName(key).isEmpty()) {
            LOG.warn("an audit annotation has no qualified name");
            return;
        }
        boolean fits = length + key.length() + value.length() <= MOST;
        if (!fits || all.putIfAbsent(key, value) != null) return;
        length += key.length() + value.length();
    }

    Map<String, String> all() {
        return Collections.unmodifiableMap(all);
    }
}
