package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// One `COPY` of a Dockerfile: files and directories of the context, and never others of this machine.
///
/// @param rest what stands after the word, with its variables resolved
record CopiedFiles(Path context, DockerfileStep step, String rest) {
    void into(ImageDraft draft) throws IOException {
        var words = words();
        if (words.size() < 2) throw step.wrong("what and where to is needed");
        var target = draft.absolute(words.getLast());
        boolean directory = words.getLast().endsWith("/")
                || words.size() > 2
                || words.getLast().equals(".");
        var root = Files.createTempDirectory("navarch-copy");
        try {
            for (var word : words.subList(0, words.size() - 1)) copy(word, new ImageRoot(root), target, directory);
            draft.add(root);
        } finally {
            RemovedFiles.of(root);
        }
    }

    private List<String> words() throws IOException {
        if (rest.startsWith("["))
            return View.of(Json.parse(rest.getBytes(StandardCharsets.UTF_8))).strings();
        var words = new ArrayList<>(List.of(rest.split("\\s+")));
        for (var word : words)
            if (word.startsWith("--")) throw step.wrong(word + " is not there: what is copied belongs to root");
        return words;
    }

    private void copy(String word, ImageRoot image, String target, boolean directory) throws IOException {
        var real = context.toRealPath();
        var source = real.resolve(word.replaceFirst("^/+", "")).normalize();
        if (!source.startsWith(real)) throw step.wrong(word + " is outside of " + context);
        if (!Files.exists(source)) throw step.wrong(word + " is not there in " + context);
        if (!source.toRealPath().startsWith(real)) throw step.wrong(word + " leads out of " + context);
        if (Files.isDirectory(source)) {
            tree(source, image, target);
            return;
        }
        var name = source.getFileName().toString();
        file(source, image.place(directory ? (target.equals("/") ? "" : target) + "/" + name : target));
    }

    /// What is in a directory, without it.
    private void tree(Path source, ImageRoot image, String target) throws IOException {
        try (var walk = Files.walk(source)) {
            for (var path : walk.sorted().toList()) {
                var inside = source.relativize(path).toString();
                var place = Path.of(target).resolve(inside).toString();
                if (place.equals("/")) continue;
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    image.directory(place);
                    var made = image.place(place);
                    // A link from an earlier source may lead to a file of this machine: its mode is not ours to set.
                    if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS))
                        throw step.wrong(place + " is a directory here, and another source has made it something else");
                    Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(path));
                } else file(path, image.place(place));
            }
        }
    }

    /// A link is copied as a link.
    private void file(Path source, Path place) throws IOException {
        if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(source))
            throw step.wrong(context.relativize(source) + " is neither a file nor a link");
        Files.copy(
                source,
                place,
                LinkOption.NOFOLLOW_LINKS,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
