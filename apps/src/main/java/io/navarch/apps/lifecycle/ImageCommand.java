package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.images.ImageArchive;
import io.navarch.images.ImageStore;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `navarch image load FILE.tar`: loads what `docker save` wrote, so that pods find the images under their names.
public final class ImageCommand {
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA);

    public static final Usage USAGE = Usage.of(
            "image",
            "images that the nodes have without a registry",
            List.of(Usage.line("image load FILE", "takes all images of an archive that docker has saved")),
            List.of(),
            OPTIONS);

    private ImageCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        Logs.configure(false);
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        if (words.size() != 2 || !words.getFirst().equals("load")) {
            throw USAGE.wrong(words);
        }
        var store = new ImageStore(
                Path.of(options.string("data-dir")).toAbsolutePath().resolve("images"));
        var file = Path.of(words.get(1));
        if (!Files.exists(file)) throw new IOException("the file \"" + file + "\" does not exist");
        for (var name : ImageArchive.load(file, store)) System.out.println("loaded " + name);
        return 0;
    }
}
