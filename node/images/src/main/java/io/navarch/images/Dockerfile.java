package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An image made as a Dockerfile says, without running anything: files are copied onto an image that is here, and how
/// its processes start is written down. What needs a program to be run while the image is made is refused, with the
/// line.
///
/// @param context the directory that `COPY` copies from
public record Dockerfile(Path context, List<String> names, List<DockerfileStep> steps) implements ImageSource {
    private static final int LONGEST = 1 << 20;
    private static final int MOST_FILES = 100_000;
    private static final Pattern VARIABLE = Pattern.compile("\\\\\\$|\\$\\{(\\w+)(?::([-+])([^}]*))?}|\\$(\\w+)");
    private static final Pattern PAIR = Pattern.compile("\\s*([\\w.-]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\S*)");
    private static final String RUNS =
            "nothing is run while an image is made here: take packages from a recipe (FROM its image), or make it with "
                    + "buildah or docker, and navarch image load what these save";
    private static final Map<String, String> REFUSED = Map.of(
            "RUN", RUNS,
            "ADD", "COPY copies files; nothing is downloaded or unpacked",
            "ONBUILD", RUNS,
            "HEALTHCHECK", "probes of the pod take its place",
            "SHELL", RUNS,
            "VOLUME", "volumes of the pod take its place",
            "MAINTAINER", "LABEL takes its place");

    /// Reads `Dockerfile` in a directory.
    public static Dockerfile read(Path context, List<String> names) throws IOException {
        var file = context.resolve("Dockerfile");
        if (Files.size(file) > LONGEST) throw new IOException(file + " is longer than a MiB");
        for (var name : names) {
            var ignored = ImageStore.complete(name);
        }
        var read = new Dockerfile(context, names, steps(Files.readAllLines(file)));
        read.check();
        return read;
    }

    private static List<DockerfileStep> steps(List<String> lines) {
        var steps = new ArrayList<DockerfileStep>();
        for (int i = 0; i < lines.size(); i++) {
            int first = i;
            var text = new StringBuilder();
            for (; i < lines.size(); i++) {
                var line = lines.get(i).strip();
                if (line.startsWith("#") || line.isEmpty()) {
                    // Also between the lines of one instruction.
                    if (text.isEmpty()) break;
                    continue;
                }
                boolean more = line.endsWith("\\");
                text.append(more ? line.substring(0, line.length() - 1) : line);
                if (!more) break;
                text.append(' ');
            }
            if (text.isEmpty()) continue;
            var parts = text.toString().strip().split("\\s+", 2);
            steps.add(new DockerfileStep(
                    first + 1, parts[0].toUpperCase(Locale.ROOT), parts.length > 1 ? parts[1].strip() : ""));
        }
        return List.copyOf(steps);
    }

    private void check() throws IOException {
        if (steps.isEmpty()
                || steps.stream().noneMatch(step -> step.instruction().equals("FROM")))
            throw new IOException("Dockerfile: FROM is needed: scratch, or an image that is here");
        boolean from = false;
        for (var step : steps) {
            var why = REFUSED.get(step.instruction());
            if (why != null) throw step.wrong(why);
            if (step.instruction().equals("FROM")) {
                if (from || step.rest().matches("(?i).*\\sAS\\s.*")) throw step.wrong("one stage is all there is");
                from = true;
            } else if (!from && !step.instruction().equals("ARG")) throw step.wrong("FROM comes first");
        }
    }

    @Override
    public String hash() throws IOException {
        var parts = new ArrayList<Object>(List.of(names, Platform.here().toString()));
        for (var step : steps) parts.add(step.instruction() + " " + step.rest());
        if (steps.stream().anyMatch(step -> step.instruction().equals("COPY"))) {
            int count = 0;
            try (var walk = Files.walk(context)) {
                for (var file : walk.sorted().toList()) {
                    if (++count > MOST_FILES)
                        throw new IOException(context + " has more than " + MOST_FILES + " files");
                    parts.add(context.relativize(file).toString());
                    parts.add(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
                    if (Files.isSymbolicLink(file))
                        parts.add(Files.readSymbolicLink(file).toString());
                    else if (Files.isRegularFile(file)) parts.add(content(file));
                }
            }
        }
        return Sha256.hex(Json.write(parts));
    }

    private static String content(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            return Blobs.digest(content);
        }
    }

    /// The image that it goes on from is a part of what it is made from.
    @Override
    public boolean made(ImageStore store) throws IOException {
        var source = source(store);
        for (var name : names)
            if (!ImageDraft.source(store, name).filter(source::equals).isPresent()) return false;
        return true;
    }

    private String source(ImageStore store) throws IOException {
        var arguments = new TreeMap<String, String>();
        for (var step : steps) {
            if (step.instruction().equals("ARG")) argument(step, arguments, null);
            if (!step.instruction().equals("FROM")) continue;
            var base = resolved(step, arguments, null, step.rest());
            return Sha256.hex(
                    hash() + (base.equals("scratch") ? "" : store.find(base).orElse("")));
        }
        return hash();
    }

    private static void argument(DockerfileStep step, Map<String, String> arguments, @Nullable ImageDraft draft) {
        var pair = step.rest().split("=", 2);
        arguments.put(pair[0], pair.length > 1 ? unquoted(resolved(step, arguments, draft, pair[1])) : "");
    }

    @Override
    public String build(ImageStore store) throws IOException {
        var arguments = new TreeMap<String, String>();
        @Nullable ImageDraft draft = null;
        for (var step : steps) {
            if (step.instruction().equals("ARG")) {
                argument(step, arguments, draft);
            } else if (step.instruction().equals("FROM")) {
                var base = resolved(step, arguments, null, step.rest());
                draft = base.equals("scratch") ? ImageDraft.empty(store) : ImageDraft.from(store, base);
            } else if (draft != null) {
                apply(step, draft, arguments);
            }
        }
        if (draft == null) throw new IOException("Dockerfile: FROM is needed");
        return draft.save(names, source(store));
    }

    private void apply(DockerfileStep step, ImageDraft draft, Map<String, String> arguments) throws IOException {
        var rest = resolved(step, arguments, draft, step.rest());
        switch (step.instruction()) {
            case "ENV" -> pairs(step, rest).forEach(draft::environment);
            case "LABEL" -> pairs(step, rest).forEach((name, value) -> draft.put("Labels", name, value));
            case "WORKDIR" -> draft.set("WorkingDir", draft.absolute(rest));
            case "USER" -> draft.set("User", rest);
            case "EXPOSE" -> {
                for (var port : rest.split("\\s+")) {
                    if (!port.matches("[0-9]{1,5}(/(tcp|udp|sctp))?")) throw step.wrong("no port: " + port);
                    draft.put("ExposedPorts", port.contains("/") ? port : port + "/tcp", Map.of());
                }
            }
            // What a command is given is not resolved: its shell does that.
            case "ENTRYPOINT" -> {
                draft.set("Entrypoint", words(step));
                draft.set("Cmd", List.of());
            }
            case "CMD" -> draft.set("Cmd", words(step));
            case "STOPSIGNAL" -> draft.set("StopSignal", rest);
            case "COPY" -> new CopiedFiles(context, step, rest).into(draft);
            default -> throw step.wrong("unknown instruction");
        }
    }

    private static List<String> words(DockerfileStep step) throws IOException {
        if (!step.rest().startsWith("[")) return List.of("/bin/sh", "-c", step.rest());
        try {
            return View.of(Json.parse(step.rest().getBytes(StandardCharsets.UTF_8)))
                    .strings();
        } catch (Json.MalformedException e) {
            throw step.wrong("no list of strings: " + step.rest());
        }
    }

    private static Map<String, String> pairs(DockerfileStep step, String rest) throws IOException {
        var pairs = new TreeMap<String, String>();
        var matcher = PAIR.matcher(rest);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            pairs.put(matcher.group(1), unquoted(matcher.group(2)));
            end = matcher.end();
        }
        if (end == rest.length() && end > 0) return pairs;
        var old = rest.split("\\s+", 2);
        if (old.length == 2 && !old[0].contains("=")) return Map.of(old[0], old[1]);
        throw step.wrong("NAME=VALUE is needed, not " + rest);
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && (text.startsWith("\"") || text.startsWith("'"));
        return quoted ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1") : text;
    }

    /// The text with what variables stand for.
    private static String resolved(
            DockerfileStep step, Map<String, String> arguments, @Nullable ImageDraft draft, String text) {
        if (step.instruction().equals("CMD") || step.instruction().equals("ENTRYPOINT")) return text;
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match, arguments, draft)));
    }

    private static String value(MatchResult match, Map<String, String> arguments, @Nullable ImageDraft draft) {
        if (match.group().startsWith("\\")) return "$";
        var name = match.group(1) == null ? match.group(4) : match.group(1);
        var value = draft == null ? Optional.<String>empty() : draft.environment(name);
        var found = value.or(() -> Optional.ofNullable(arguments.get(name))).orElse("");
        if ("-".equals(match.group(2))) return found.isEmpty() ? match.group(3) : found;
        if ("+".equals(match.group(2))) return found.isEmpty() ? "" : match.group(3);
        return found;
    }

    @Override
    public String summary() {
        return names.getFirst() + " (" + context.resolve("Dockerfile") + ")";
    }
}
