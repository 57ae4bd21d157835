package io.navarch.agent.volumes;

import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;

/// To whom the files of a pod's volumes belong, and their modes.
///
/// @param group the pod's `fsGroup`
record FileOwner(OptionalLong group) {
    static final FileOwner NOBODY_IN_PARTICULAR = new FileOwner(OptionalLong.empty());

    /// By the bits of a mode, lowest first.
    private static final List<PosixFilePermission> BITS = List.of(
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ);

    static FileOwner of(Pod pod) {
        var context = pod.spec().securityContext();
        return context.hasFsGroup() ? new FileOwner(OptionalLong.of(context.fsGroup())) : NOBODY_IN_PARTICULAR;
    }

    void own(Path path) throws IOException {
        if (group.isPresent()) Files.setAttribute(path, "unix:gid", (int) group.getAsLong(), LinkOption.NOFOLLOW_LINKS);
    }

    static void mode(Path path, int mode) throws IOException {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.size(); bit++) {
            if ((mode & 1 << bit) != 0) permissions.add(BITS.get(bit));
        }
        Files.setPosixFilePermissions(path, permissions);
    }
}
