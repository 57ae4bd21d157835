package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Command;
import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// An image built from Debian packages: their files, files of the recipe's own, and the command it starts.
///
/// @param dependencies whether what the packages depend on is in the image, too
/// @param links symbolic links, path to target
public record ImageRecipe(
        List<String> names,
        List<String> packages,
        boolean dependencies,
        boolean busybox,
        Map<String, String> files,
        Map<String, String> links,
        List<String> entrypoint,
        List<String> command,
        List<String> environment)
        implements ImageSource {
    private static final List<String> KEYS = List.of(
            "names", "packages", "dependencies", "busybox", "files", "links", "entrypoint", "command", "environment");

    public static ImageRecipe read(Path file) throws IOException {
        try {
            return of(View.of(Yaml.parse(Files.readString(file))));
        } catch (IOException | Json.MalformedException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static ImageRecipe of(View view) throws IOException {
        for (var key : view.map().keySet()) {
            if (KEYS.contains(key)) continue;
            throw new IOException("unknown key " + key
                    + Options.nearest(key, KEYS)
                            .map(near -> " (did you mean " + near + "?)")
                            .orElse(""));
        }
        for (var key : List.of("names", "packages", "entrypoint", "command", "environment"))
            if (view.get(key).exists() && !(view.get(key).value() instanceof List<?>))
                throw new IOException(key + " must be a list");
        var recipe = new ImageRecipe(
                view.get("names").strings(),
                view.get("packages").strings(),
                !view.get("dependencies").exists() || view.get("dependencies").bool(),
                view.get("busybox").bool(),
                view.get("files").stringMap(),
                view.get("links").stringMap(),
                view.get("entrypoint").strings(),
                view.get("command").strings(),
                view.get("environment").strings());
        if (recipe.names.isEmpty()) throw new IOException("names is needed: under which the image is found");
        for (var name : recipe.names) {
            var ignored = ImageStore.complete(name);
        }
        new DebianPackages(recipe.packages, recipe.dependencies).check();
        return recipe;
    }

    /// The image of every pod's sandbox: a process that only waits.
    public static ImageRecipe pause() {
        return new ImageRecipe(
                List.of(Containerd.PAUSE_IMAGE),
                List.of("catatonit"),
                false,
                false,
                Map.of(),
                Map.of(),
                List.of("/usr/bin/catatonit", "-P"),
                List.of(),
                List.of());
    }

    /// The same under other names.
    public ImageRecipe as(List<String> others) {
        return new ImageRecipe(others, packages, dependencies, busybox, files, links, entrypoint, command, environment);
    }

    @Override
    public String hash() {
        return Sha256.hex(Json.write(List.of(
                names,
                packages,
                dependencies,
                busybox,
                files,
                links,
                entrypoint,
                command,
                environment,
                Platform.here().toString())));
    }

    @Override
    public String build(ImageStore store) throws IOException {
        var work = Files.createTempDirectory("navarch-image");
        try {
            var root = Files.createDirectory(work.resolve("root"));
            new DebianPackages(packages, dependencies).unpack(Files.createDirectory(work.resolve("packages")), root);
            if (busybox) addBusybox(Files.createDirectory(work.resolve("busybox")), root);
            var image = new ImageRoot(root);
            for (var directory : List.of("tmp", "etc", "var", "var/run", "dev", "proc", "sys", "root"))
                image.directory("/" + directory);
            if (!Files.isSymbolicLink(root.resolve("tmp")))
                Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
            for (var file : files.entrySet()) image.write(file.getKey(), file.getValue());
            for (var link : links.entrySet()) image.link(link.getKey(), link.getValue());
            var draft = ImageDraft.empty(store);
            draft.add(root);
            draft.set("Entrypoint", entrypoint);
            draft.set("Cmd", command);
            for (var variable : environment) {
                int equals = variable.indexOf('=');
                if (equals < 1) throw new IOException("environment has NAME=VALUE, not " + variable);
                draft.environment(variable.substring(0, equals), variable.substring(equals + 1));
            }
            return draft.save(names, hash());
        } finally {
            RemovedFiles.of(work);
        }
    }

    private static void addBusybox(Path work, Path root) throws IOException {
        new DebianPackages(List.of("busybox-static"), false).unpack(work, root);
        var binary = Files.exists(root.resolve("bin/busybox")) ? "/bin/busybox" : "/usr/bin/busybox";
        Files.createDirectories(root.resolve("bin"));
        for (var applet : Command.run(List.of(root + binary, "--list")).split("\n")) {
            var link = root.resolve("bin").resolve(applet.strip());
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) Files.createSymbolicLink(link, Path.of(binary));
        }
    }

    @Override
    public String summary() {
        return names.getFirst() + " (" + String.join(", ", packages) + ")";
    }
}
