package io.navarch.kinds.configmap;

import io.navarch.kinds.support.Check;
import io.navarch.model.ConfigMap;
import io.navarch.model.Structure;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The data of ConfigMaps and Secrets, whose fields have the same names: each key must be a valid file name, all of it
/// is at most one mebibyte, and it never changes once declared immutable.
public final class ConfigData {
    private static final int MAX_SIZE = 1 << 20;

    private ConfigData() {}

    /// @param total the path that a size error names
    public static void check(Structure object, Structure old, List<String> fields, String total, Check check) {
        long size = 0;
        for (var field : fields) {
            boolean encoded = !field.equals(ConfigMap.DATA) || fields.size() == 1;
            for (var entry : object.raw(field).map().entrySet()) {
                check.name(entry.getKey(), field + "[" + entry.getKey() + "]", Names.configKey(entry.getKey()));
                size += size(String.valueOf(entry.getValue()), encoded);
            }
        }
        if (size > MAX_SIZE) check.add(FieldError.tooLong(total, "may not be more than " + MAX_SIZE + " bytes"));
        if (!old.raw(ConfigMap.IMMUTABLE).bool()) return;
        if (!object.raw(ConfigMap.IMMUTABLE).bool())
            check.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
        for (var field : fields) {
            if (!Trees.semanticEquals(object.raw(field).value(), old.raw(field).value())) {
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
