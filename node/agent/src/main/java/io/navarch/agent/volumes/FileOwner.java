package io.navarch.agent.volumes;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// To whom the files of a pod's volumes belong, and their modes. Paths given here lead to a file that is held open, or
/// are those of files that no container can replace.
///
/// @param group the pod's `fsGroup`
record FileOwner(OptionalLong group) {
    static final FileOwner NOBODY_IN_PARTICULAR = new FileOwner(OptionalLong.empty());

    private static final String MODE = "unix:mode";
    private static final int SET_GROUP = 02000;
    /// What a group may do at least with what it cannot change.
    private static final int GROUP_READS = 0440;
    private static final int GROUP_ENTERS = 0550;

    static FileOwner of(Pod pod) {
        var context = pod.spec().securityContext();
        return context.hasFsGroup() ? new FileOwner(OptionalLong.of(context.fsGroup())) : NOBODY_IN_PARTICULAR;
    }

    /// The user that all of a pod's containers run as, if they all say so and say the same.
    static OptionalLong userOf(Pod pod) {
        var users = Pods.containers(pod.spec()).stream()
                .map(spec -> spec.securityContext().hasRunAsUser()
                        ? Optional.of(spec.securityContext().runAsUser())
                        : Optional.of(pod.spec().securityContext())
                                .filter(shared -> shared.hasRunAsUser())
                                .map(shared -> shared.runAsUser()))
                .distinct()
                .toList();
        return users.size() == 1 && users.getFirst().isPresent()
                ? OptionalLong.of(users.getFirst().get())
                : OptionalLong.empty();
    }

    /// Gives a file of a volume that nobody may write to its mode and owner.
    void own(Path file, FileContent content) throws IOException {
        mode(file, group.isPresent() ? content.mode() | GROUP_READS : content.mode());
        if (content.user().isPresent())
            Files.setAttribute(file, "unix:uid", (int) content.user().getAsLong());
        ownGroup(file);
    }

    /// The same for a directory.
    void ownDirectory(Path directory) throws IOException {
        ownGroup(directory);
        mode(directory, group.isPresent() ? 0755 | GROUP_ENTERS | SET_GROUP : 0755);
    }

    /// Gives a directory that everybody may write to its mode and owner; what is made in it belongs to the group, too.
    void ownShared(Path directory) throws IOException {
        ownGroup(directory);
        mode(directory, group.isPresent() ? 0777 | SET_GROUP : 0777);
    }

    private void ownGroup(Path path) throws IOException {
        if (group.isPresent()) Files.setAttribute(path, "unix:gid", (int) group.getAsLong());
    }

    static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, MODE, mode);
    }

    static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, MODE) & 07777;
    }
}
