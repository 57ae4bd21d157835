package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.DownwardAPIVolumeFile;
import io.navarch.model.KeyToPath;
import java.util.List;

/// What files in a volume may be, that are made of an object.
final class VolumeFileRules {
    private VolumeFileRules() {}

    static void mode(int mode, String path, Check check) {
        if (mode < 0 || mode > 0777)
            check.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }

    static void items(List<KeyToPath> items, String path, Check check) {
        Check.each(items, path, (item, at) -> item(item, at, check));
    }

    static void item(KeyToPath item, String path, Check check) {
        check.required(item.key(), path + ".key");
        check.required(item.path(), path + ".path");
        local(item.path(), path + ".path", check);
        mode(item.mode(), path + ".mode", check);
    }

    /// A relative path that does not begin like the files by which contents are exchanged atomically.
    static void local(String target, String path, Check check) {
        StorageSourceRules.relative(target, path, check);
        if (target.startsWith("..") && !target.startsWith("../"))
            check.invalid(path, target, "must not start with '..'");
    }

    static void downward(DownwardAPIVolumeFile file, String at, Check check) {
        check.required(file.path(), at + ".path");
        local(file.path(), at + ".path", check);
        if (file.hasFieldRef()) {
            DownwardFields.fieldRef(file.fieldRef(), DownwardFields.volume(), at + ".fieldRef", check);
            if (file.hasResourceFieldRef())
                check.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        } else if (file.hasResourceFieldRef()) {
            DownwardFields.resourceRef(file.resourceFieldRef(), true, at + ".resourceFieldRef", check);
        } else {
            check.missing(at, "one of fieldRef and resourceFieldRef is required");
        }
        mode(file.mode(), at + ".mode", check);
    }
}
