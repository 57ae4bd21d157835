package io.navarch.comparison;

import io.navarch.comparison.Difference.Sort;
import io.navarch.comparison.generate.Sample;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs kubectl's commands on both servers, one after the other, and compares what it prints, line by line.
final class Kubectl {
    private static final long LIMIT_SECONDS = 40;
    /// Controllers have come to rest by then.
    private static final long REST_MILLIS = 10_000;

    private static final int STARTS = 60;

    private final Path program;
    private final Path folder;
    private final Path scratch;
    private final Report report;

    /// @param folder with `commands.txt` and the files that it names
    /// @param scratch what kubectl keeps, for each server
    Kubectl(Path program, Path folder, Path scratch, Report report) {
        this.program = program.toAbsolutePath();
        this.folder = folder;
        this.scratch = scratch;
        this.report = report;
    }

    void run(Path ours, Path original) throws IOException, InterruptedException {
        for (int i = 0; i < STARTS && !(started(ours, "ours") && started(original, "original")); i++)
            TaskScope.pause(REST_MILLIS / 10);
        int number = 0;
        for (var command : commands(Files.readAllLines(folder.resolve("commands.txt")))) {
            if (command.equals("wait")) {
                TaskScope.pause(REST_MILLIS);
                continue;
            }
            var mine = CompletableFuture.supplyAsync(() -> print(command, ours, "ours"));
            var theirs = print(command, original, "original");
            var call = new Call("%03d kubectl %s".formatted(number++, command), "", "", "", Optional.empty());
            report.compared("kubectl", difference(call, mine.join(), theirs));
        }
    }

    /// Whether controllers run: one of the last to begin has made its object.
    private boolean started(Path kubeconfig, String side) {
        return print("get configmap kube-root-ca.crt -n default", kubeconfig, side)
                .contains("exit 0");
    }

    /// The commands that the lines stand for.
    static List<String> commands(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .flatMap(line -> line.startsWith("each ") ? each(line) : Stream.of(line))
                .toList();
    }

    private static Stream<String> each(String line) {
        int colon = line.indexOf(": ");
        return words(line.substring("each ".length(), colon)).stream()
                .map(word -> line.substring(colon + 2).replace("$", word));
    }

    /// Words of a command; quotes count at the beginning of a word and after `=`, so that JSON needs none.
    static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean mayQuote = !begun || !word.isEmpty() && word.charAt(word.length() - 1) == '=';
            int end = (c == '"' || c == '\'') && mayQuote ? line.indexOf(c, i + 1) : -1;
            if (end > 0) {
                word.append(line, i + 1, end);
                begun = true;
                i = end;
            } else if (c == ' ') {
                if (begun) words.add(word.toString());
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) words.add(word.toString());
        return words;
    }

    private List<String> print(String command, Path kubeconfig, String side) {
        var arguments = new ArrayList<String>();
        if (command.startsWith("!")) arguments.addAll(List.of("sh", "-c", command.substring(1)));
        else {
            arguments.addAll(List.of(program.toString(), "-n", Sample.NAMESPACE));
            arguments.addAll(words(command));
        }
        try {
            return print(arguments, kubeconfig, side);
        } catch (IOException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private List<String> print(List<String> arguments, Path kubeconfig, String side)
            throws IOException, InterruptedException {
        var home = Files.createDirectories(scratch.resolve(side));
        var output = home.resolve("output");
        var builder = new ProcessBuilder(arguments)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("KUBECTL", program + " -n " + Sample.NAMESPACE);
        var process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            return List.of("no end after " + LIMIT_SECONDS + " s");
        }
        var lines = new ArrayList<>(Files.readString(output, StandardCharsets.UTF_8)
                .lines()
                .map(Kubectl::normal)
                .toList());
        lines.add("exit " + process.exitValue());
        return lines;
    }

    /// A line without what must differ: times, ages, addresses, hashes and widths.
    private static String normal(String line) {
        return Normal.text(line)
                .replaceAll("127\\.0\\.0\\.1:\\d+", "server")
                .replaceAll("/\\S*/(ours|original)/", "/")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\S+Z", "TIME")
                .replaceAll("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w+ \\d{4} \\S+ \\S+", "TIME")
                .replaceAll("^[IWE]\\d{4} \\S+\\s+\\d+ ", "LOG ")
                .replaceAll("(resourceVersion|ResourceVersion|Resource Version): *\"?\\d+\"?", "$1 *")
                .replaceAll("\"resourceVersion\": *\"\\d+\"", "version *")
                .replaceAll("\\b(\\d+[smhd]){1,2}\\b", "AGE")
                .replaceAll("\\b(web|made|agent|store|old|oldest)-[0-9a-f]{7,10}\\b", "$1-HASH")
                .replaceAll("\\b(pod-template-hash|controller-revision-hash)([=:\" ]+)[0-9a-z-]+", "$1$2HASH")
                .replaceAll(
                        "\\b(web|made|agent|store|old|oldest|once|copied|open|node-debugger)(-HASH)?-[a-z0-9]{5}\\b",
                        "$1$2-*")
                .replaceAll("\\b3\\d{4}\\b", "PORT")
                .replaceAll("kubectl-edit-\\d+", "kubectl-edit-*")
                .replaceAll("AGE \\(x\\d+ over AGE\\)", "AGE")
                .replaceAll("^Server Version: v1\\.36.*", "Server Version: v1.36")
                .replaceAll("^(navarch|original)$", "context")
                .replaceAll("\\s+", " ")
                .stripTrailing();
    }

    private static Optional<Difference> difference(Call call, List<String> ours, List<String> theirs) {
        if (ours.stream().sorted().toList().equals(theirs.stream().sorted().toList())) return Optional.empty();
        var details = new ArrayList<String>();
        var missing = new ArrayList<>(theirs);
        for (var line : ours) if (!missing.remove(line)) details.add("ours only: " + line);
        for (var line : missing) details.add("original only: " + line);
        return Optional.of(
                new Difference(call, Sort.BODY, details.stream().limit(30).toList()));
    }
}
