package io.navarch.comparison.projects;

import io.navarch.comparison.Call;
import io.navarch.comparison.Comparison;
import io.navarch.comparison.Difference;
import io.navarch.comparison.Difference.Sort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What `kubectl explain` says of a kind and of its fields, on both servers.
final class Explained {
    private static final long LIMIT_SECONDS = 60;

    private final Path kubectl;
    private final Path ours;
    private final Path original;
    private final Path scratch;
    private final Findings findings;

    /// @param ours kubeconfig, as is the next
    /// @param scratch what kubectl keeps
    Explained(Path kubectl, Path ours, Path original, Path scratch, Findings findings) {
        this.kubectl = kubectl.toAbsolutePath();
        this.ours = ours.toAbsolutePath();
        this.original = original.toAbsolutePath();
        this.scratch = scratch;
        this.findings = findings;
    }

    void compare(String project, ProjectKind kind) throws IOException, InterruptedException {
        var resource =
                kind.plural() + "." + kind.definition().spec().get("group").string();
        compare(project, kind, resource, List.of("--recursive"));
        var field = kind.schema().get("properties").get("spec").get("properties").map().keySet().stream()
                .findFirst();
        compare(project, kind, field.map(name -> resource + ".spec." + name).orElse(resource), List.of());
    }

    private void compare(String project, ProjectKind kind, String what, List<String> options)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(kubectl.toString(), "explain", what));
        arguments.add("--api-version=" + kind.apiVersion());
        arguments.addAll(options);
        var mine = lines(arguments, ours, "ours");
        var theirs = lines(arguments, original, "original");
        var call = Call.get(project + " explain " + what + " " + kind.apiVersion() + options, "");
        var places = Comparison.places(mine, theirs);
        findings.told(
                "explain", places.isEmpty() ? Optional.empty() : Optional.of(new Difference(call, Sort.BODY, places)));
    }

    private List<String> lines(List<String> arguments, Path kubeconfig, String side)
            throws IOException, InterruptedException {
        var home = Files.createDirectories(scratch.resolve(side));
        var output = home.resolve("output");
        var builder = new ProcessBuilder(arguments).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("HOME", home.toString());
        var process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return List.of("no end");
        }
        return Files.readAllLines(output);
    }
}
