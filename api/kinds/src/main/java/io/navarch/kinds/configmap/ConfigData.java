package io.navarch.kinds.configmap;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The data of ConfigMaps and Secrets: keys that can be file names, one mebibyte in all, and unchanged once it is
/// declared immutable.
public final class ConfigData {
    private static final int MAX_SIZE = 1 << 20;

    private ConfigData() {}

    /// @param total the path that a size error names
    public static void check(View object, View old, List<String> fields, String total, Check check) {
        long size = 0;
        for (var field : fields) {
            boolean encoded = !field.equals("data") || fields.size() == 1;
            for (var entry : object.get(field).map().entrySet()) {
                check.name(entry.getKey(), field + "[" + entry.getKey() + "]", Names.configKey(entry.getKey()));
                size += size(String.valueOf(entry.getValue()), encoded);
            }
        }
        if (size > MAX_SIZE) check.add(FieldError.tooLong(total, "may not be more than " + MAX_SIZE + " bytes"));
        if (!old.get("immutable").bool()) return;
        if (!object.get("immutable").bool())
            check.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
        for (var field : fields) {
            if (!Check.sameMap(object.get(field).map(), old.get(field).map())) {
                check.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static long size(String text, boolean encoded) {
        if (!encoded) return text.getBytes(StandardCharsets.UTF_8).length;
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        return text.length() / 4 * 3L - padding;
    }
}
