package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.images.Dockerfile;
import io.navarch.images.ImageArchive;
import io.navarch.images.ImageRecipe;
import io.navarch.images.ImageSource;
import io.navarch.images.ImageStore;
import io.navarch.images.registry.Registry;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `navarch image load|build|ls|rm`: the images that this cluster has itself, which pods find under their names.
public final class ImageCommand {
    private static final List<Option> OPTIONS =
            List.of(AdminAccess.DATA, Option.list("name", "what an image is called, whatever its source calls it"));

    public static final Usage USAGE = Usage.of(
            "image",
            "images that the cluster has itself",
            List.of(
                    Usage.line(
                            "image load FILE",
                            "an archive of docker save, an OCI archive or a directory with a layout"),
                    Usage.line("image build SOURCE", "a recipe of Debian packages, or a directory with a Dockerfile"),
                    Usage.line("image ls", "which there are"),
                    Usage.line("image rm NAME...", "takes them away")),
            List.of(
                    Usage.line("navarch image load app.tar", "what docker save, podman save or skopeo has written"),
                    Usage.line("navarch image build ./app --name app:2", "what app/Dockerfile says")),
            OPTIONS);

    private static final int SHOWN_DIGITS = "sha256:".length() + 12;

    private final Cluster cluster;
    private final ImageStore store;
    private final List<String> names;

    private ImageCommand(Options options) throws IOException {
        cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        store = new ImageStore(cluster.images());
        names = options.strings("name");
    }

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        if (words.isEmpty()) throw USAGE.wrong(words);
        var rest = words.subList(1, words.size());
        var command = new ImageCommand(options);
        switch (words.getFirst() + (rest.size() > 1 ? " many" : rest.isEmpty() ? "" : " one")) {
            case "load one" -> command.load(file(rest.getFirst()));
            case "build one" -> command.build(file(rest.getFirst()));
            case "ls" -> command.list();
            case "rm one", "rm many" -> command.remove(rest);
            default -> throw USAGE.wrong(words);
        }
        return 0;
    }

    private static Path file(String name) throws IOException {
        var file = Path.of(name);
        if (!Files.exists(file)) throw new IOException("the file \"" + file + "\" does not exist");
        return file;
    }

    private void load(Path file) throws IOException {
        if (names.size() > 1) throw new Options.UsageException("--name is given once: images have one name each");
        var loaded = ImageArchive.load(file, store, names.stream().findFirst());
        HeldImages.refresh(cluster, loaded);
        for (var name : loaded) System.out.println("loaded " + name);
    }

    private void build(Path file) throws IOException {
        var source = source(file, names);
        var digest = source.build(store);
        HeldImages.refresh(cluster, source.names());
        System.out.println("built " + String.join(", ", source.names()) + " (" + digest + ")");
    }

    /// @param names in place of what a recipe says; needed where nothing else says them
    private static ImageSource source(Path file, List<String> names) throws IOException {
        if (!Files.isDirectory(file)) {
            var recipe = ImageRecipe.read(file);
            return names.isEmpty() ? recipe : recipe.as(names);
        }
        if (!Files.exists(file.resolve("Dockerfile"))) throw new IOException(file + " has no Dockerfile");
        if (names.isEmpty())
            throw new Options.UsageException("give --name: a Dockerfile does not say what its image is called");
        return Dockerfile.read(file, names);
    }

    private void list() throws IOException {
        var images = store.list();
        int longest =
                images.stream().mapToInt(image -> image.name().length()).max().orElse(0);
        var format = "%-" + Math.max(4, longest) + "s  %-19s  %s%n";
        System.out.printf(Locale.ROOT, format, "NAME", "DIGEST", "SIZE");
        for (var image : images)
            System.out.printf(
                    Locale.ROOT, format, image.name(), image.digest().substring(0, SHOWN_DIGITS), size(image.size()));
    }

    private static String size(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1fKiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1fMiB", bytes / 1048576.0);
    }

    private void remove(List<String> unwanted) throws IOException {
        var missing = Optional.<String>empty();
        for (var name : unwanted) {
            if (store.remove(name, Registry.held(store))) System.out.println("removed " + name);
            else missing = Optional.of(name);
        }
        HeldImages.forget(cluster, unwanted);
        if (missing.isPresent()) throw new IOException("there is no image " + missing.get() + " (navarch image ls)");
    }
}
