package io.navarch.images;

import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Command;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// An image built from Debian packages: their files, files of the recipe's own, and the command it starts.
///
/// @param links symbolic links, path to target
public record ImageRecipe(
        List<String> names,
        List<String> packages,
        boolean busybox,
        Map<String, String> files,
        Map<String, String> links,
        List<String> entrypoint,
        List<String> command,
        List<String> environment) {
    /// As Debian has them, with a version or an architecture if that matters.
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,100}([:=][A-Za-z0-9.+~:-]{1,100})?");

    public static ImageRecipe read(Path file) throws IOException {
        var view = View.of(Yaml.parse(Files.readString(file)));
        return new ImageRecipe(
                view.get("names").strings(),
                view.get("packages").strings(),
                view.get("busybox").bool(),
                view.get("files").stringMap(),
                view.get("links").stringMap(),
                view.get("entrypoint").strings(),
                view.get("command").strings(),
                view.get("environment").strings());
    }

    /// The image of every pod's sandbox: a process that only waits.
    public static ImageRecipe pause() {
        return new ImageRecipe(
                List.of(Containerd.PAUSE_IMAGE),
                List.of("catatonit"),
                false,
                Map.of(),
                Map.of(),
                List.of("/usr/bin/catatonit", "-P"),
                List.of(),
                List.of());
    }

    /// Builds the image and stores it under its names.
    public void build(ImageStore store) throws IOException {
        var work = Files.createTempDirectory("navarch-image");
        try {
            var root = Files.createDirectory(work.resolve("root"));
            for (var each : packages) unpack(each, work, root);
            if (busybox) {
                unpack("busybox-static", work, root);
                var binary = Files.exists(root.resolve("bin/busybox")) ? "/bin/busybox" : "/usr/bin/busybox";
                Files.createDirectories(root.resolve("bin"));
                for (var applet : Command.run(List.of(root + binary, "--list")).split("\n")) {
                    var link = root.resolve("bin").resolve(applet.strip());
                    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) Files.createSymbolicLink(link, Path.of(binary));
                }
            }
            var image = new ImageRoot(root);
            for (var directory : List.of("tmp", "etc", "var", "var/run", "dev", "proc", "sys", "root"))
                image.directory("/" + directory);
            if (!Files.isSymbolicLink(root.resolve("tmp")))
                Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
            for (var file : files.entrySet()) image.write(file.getKey(), file.getValue());
            for (var link : links.entrySet()) image.link(link.getKey(), link.getValue());
            var layer = work.resolve("layer.tar");
            tar(root, layer);
            store(store, layer);
        } finally {
            try (var walk = Files.walk(work)) {
                for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
            }
        }
    }

    private static void unpack(String name, Path work, Path root) throws IOException {
        if (!PACKAGE.matcher(name).matches()) throw new IOException("no name of a package: " + GoText.quoted(name));
        var folder = Files.createDirectory(work.resolve("deb-" + name));
        var download = List.of(
                "env", "-C", folder.toString(), "apt-get", "-o", "APT::Sandbox::User=root", "-qq", "download", name);
        if (Command.tryRun(download, "", Duration.ofMinutes(5)).exitCode() != 0) {
            // The machine has no package lists, or stale ones.
            Command.run(List.of("apt-get", "update", "-qq"));
            Command.run(download);
        }
        try (var list = Files.list(folder)) {
            for (var deb : list.toList()) Command.run(List.of("dpkg-deb", "-x", deb.toString(), root.toString()));
        }
        for (var waste : List.of("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian")) {
            var path = root.resolve(waste);
            if (Files.exists(path)) Command.run(List.of("rm", "-rf", path.toString()));
        }
    }

    private static void tar(Path root, Path target) throws IOException {
        try (var tar = new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(target)), "UTF-8");
                var walk = Files.walk(root)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var path : walk.filter(each -> !each.equals(root)).sorted().toList()) {
                var name = root.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                    entry.setLinkName(Files.readSymbolicLink(path).toString());
                    tar.putArchiveEntry(entry);
                } else {
                    boolean directory = Files.isDirectory(path);
                    var entry = new TarArchiveEntry(name + (directory ? "/" : ""));
                    entry.setMode((int) Files.getAttribute(path, "unix:mode") & 07777);
                    if (!directory) entry.setSize(Files.size(path));
                    entry.setModTime(0);
                    tar.putArchiveEntry(entry);
                    if (!directory) Files.copy(path, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    private void store(ImageStore store, Path layer) throws IOException {
        var layerDigest = store.addBlob(layer);
        var path = new ArrayList<>(environment);
        if (path.stream().noneMatch(variable -> variable.startsWith("PATH=")))
            path.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        var config = store.addBlob(Json.write(Trees.map(
                "created", "2026-01-01T00:00:00Z",
                "architecture", "amd64",
                "os", "linux",
                "config",
                        Trees.map(
                                "Env",
                                path,
                                "Entrypoint",
                                entrypoint.isEmpty() ? null : entrypoint,
                                "Cmd",
                                command.isEmpty() ? null : command,
                                "WorkingDir",
                                "/"),
                "rootfs", Trees.map("type", "layers", "diff_ids", List.of(layerDigest)))));
        var layers = new ArrayList<Object>(List.of(Trees.map(
                "mediaType",
                "application/vnd.oci.image.layer.v1.tar",
                "digest",
                layerDigest,
                "size",
                store.size(layerDigest))));
        var manifest = store.addBlob(ImageStore.manifest(config, store.size(config), layers));
        for (var name : names) store.name(name, manifest);
    }

    /// How messages name this recipe.
    public String summary() {
        return names.getFirst() + " (" + String.join(", ", packages) + ")";
    }
}
