package io.navarch.agent.volumes;

import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.MountTable;
import io.navarch.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parts of volumes, for containers that do not get the whole. Containers write to the volume, now and while this looks
/// at it: the part is opened by the kernel, which never leaves the volume, and what was opened, not the path to it, is
/// shown at a place of the node's own. That place is what the runtime mounts.
///
/// @param calls to whatever shows the volume
record SubPaths(PodDirectories directories, BoundedCalls calls, String podUid) {
    private static final Logger LOG = LoggerFactory.getLogger(SubPaths.class);

    private static final int PERMISSIONS = 0777;

    /// @param index of the mount in the container
    /// @param source the volume
    Path prepare(Container spec, int index, String volume, Path source, String sub) {
        if (sub.startsWith("/"))
            throw new UnresolvedException("error SubPath `" + sub + "` must not be an absolute path");
        if (Arrays.asList(sub.split("/")).contains(".."))
            throw new UnresolvedException("unable to provision SubPath `" + sub + "`: must not contain '..'");
        var target = directories.subPath(podUid, volume, spec.name(), index);
        try {
            Files.createDirectories(target.getParent());
            calls.run(podUid, () -> show(source, sub, target));
            return target;
        } catch (IOException e) {
            // The pod's owner is not told what the node's file system looks like.
            LOG.warn("subPath {} of volume {} of pod {}: {}", sub, volume, podUid, e.getMessage());
            throw new UnresolvedException("failed to prepare subPath for volumeMount \"" + volume + "\" of container \""
                    + spec.name() + "\"");
        }
    }

    private static void show(Path source, String sub, Path target) throws IOException {
        try (var root = Handle.directory(source);
                var part = open(root, sub)) {
            show(part, target);
        }
    }

    /// Opens a part of a volume; directories that are not there are made.
    private static Handle open(Handle root, String sub) throws IOException {
        var names = Arrays.stream(sub.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
        if (names.isEmpty()) return root.below(".");
        try {
            return root.below(String.join("/", names));
        } catch (NoSuchFileException e) {
            return make(root, names);
        }
    }

    private static Handle make(Handle root, List<String> names) throws IOException {
        int mode = FileOwner.mode(root.path()) & PERMISSIONS;
        for (int known = names.size() - 1; ; known--) {
            try (var start = root.below(known == 0 ? "." : String.join("/", names.subList(0, known)))) {
                return make(start, names.subList(known, names.size()), mode);
            } catch (NoSuchFileException e) {
                if (known == 0) throw e;
            }
        }
    }

    private static Handle make(Handle directory, List<String> names, int mode) throws IOException {
        var made = make(directory, names.getFirst(), mode);
        for (var name : names.subList(1, names.size())) {
            try (var parent = made) {
                made = make(parent, name, mode);
            }
        }
        return made;
    }

    /// Fails on a link that leads nowhere: the directory would be made wherever that is.
    private static Handle make(Handle directory, String name, int mode) throws IOException {
        Files.createDirectory(directory.entry(name));
        var made = directory.child(name);
        try {
            FileOwner.mode(made.path(), mode | FileOwner.mode(made.path()) & ~PERMISSIONS);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /// What is shown already stays, so that a container that starts again shares it with what still runs. The pod may
    /// be
    /// gone by now: the directory around the target is not made here.
    private static void show(Handle part, Path target) throws IOException {
        if (MountTable.isMountPoint(target)) {
            if (part.sameFile(target)) return;
            MountTable.unmount(target);
        }
        boolean directory = part.attributes().isDirectory();
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) != directory) Files.deleteIfExists(target);
        if (!Files.exists(target)) make(target, directory);
        part.bindTo(target);
    }

    private static void make(Path target, boolean directory) throws IOException {
        if (directory) Files.createDirectory(target);
        else Files.createFile(target);
    }
}
