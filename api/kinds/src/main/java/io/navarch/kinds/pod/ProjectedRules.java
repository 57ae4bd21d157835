package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.KeyToPath;
import io.navarch.model.ProjectedVolumeSource;
import io.navarch.model.ServiceAccountTokenProjection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a volume must be that several sources are projected into: each file has a path of its own.
final class ProjectedRules {
    private static final long LONGEST_TOKEN = 1L << 32;
    private static final long SHORTEST_TOKEN = 600;

    private final String path;
    private final Check check;
    private final Set<String> taken = new HashSet<>();

    private ProjectedRules(String path, Check check) {
        this.path = path;
        this.check = check;
    }

    static void check(ProjectedVolumeSource projected, String path, Check check) {
        VolumeFileRules.mode(projected.defaultMode(), path + ".defaultMode", check);
        var rules = new ProjectedRules(path, check);
        Check.each(projected.sources(), path + ".sources", (source, at) -> {
            var secret = source.secret();
            if (secret.exists()) rules.keys(secret.name(), secret.items(), at + ".secret");
            var map = source.configMap();
            if (map.exists()) rules.keys(map.name(), map.items(), at + ".configMap");
            for (var file : source.downwardAPI().items()) {
                VolumeFileRules.downward(file, at + ".downwardAPI", check);
                rules.once(file.path(), file.path());
            }
            if (source.hasServiceAccountToken())
                rules.token(source.serviceAccountToken(), at + ".serviceAccountToken.expirationSeconds");
            if (source.view().map().size() > 1)
                check.forbidden(at, "may not specify more than 1 volume type per source");
        });
    }

    private void keys(String name, List<KeyToPath> items, String at) {
        check.required(name, at + ".name");
        Check.each(items, at + ".items", (item, here) -> {
            VolumeFileRules.item(item, here, check);
            once(item.path(), name);
        });
    }

    /// @param blamed what the original shows of a path that is there already
    private void once(String target, String blamed) {
        if (!target.isEmpty() && !taken.add(target)) check.invalid(path, blamed, "conflicting duplicate paths");
    }

    private void token(ServiceAccountTokenProjection token, String at) {
        long seconds = token.expirationSeconds();
        if (seconds < SHORTEST_TOKEN) check.invalid(at, seconds, "may not specify a duration less than 10 minutes");
        if (seconds > LONGEST_TOKEN) check.invalid(at, seconds, "may not specify a duration larger than 2^32 seconds");
        // The original blames the volume.
        if (check.required(token.path(), path + ".path")) VolumeFileRules.local(token.path(), path + ".path", check);
    }
}
