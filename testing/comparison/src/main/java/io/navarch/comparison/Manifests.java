package io.navarch.comparison;

import io.navarch.comparison.Call.Body;
import io.navarch.comparison.generate.Sample;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Manifests of real projects: the definitions of custom resources of all are created, then everything else is
/// created and applied as a dry run, so that no file depends on another but for those. What is not tried is counted.
final class Manifests {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String DEFINITION = "CustomResourceDefinition";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String DRY = "dryRun=All&fieldManager=compare";
    /// Custom resources are served by then.
    private static final long SERVED_MILLIS = 20_000;

    /// Where a kind is served.
    private record Resource(String prefix, String plural, boolean namespaced) {
        String collection() {
            return prefix + (namespaced ? "/namespaces/" + Sample.NAMESPACE : "") + "/" + plural;
        }
    }

    private final Run run;
    private final Report report;
    private final Map<String, Resource> resources = new HashMap<>();
    /// What many charts have alike is tried once.
    private final Set<String> tried = new HashSet<>();

    Manifests(Run run, Report report) {
        this.run = run;
        this.report = report;
    }

    /// @param folder with a folder, or a file, for each project
    void run(Path folder) throws IOException, InterruptedException {
        List<Path> projects;
        try (var entries = Files.list(folder)) {
            projects = entries.sorted().toList();
        }
        // One after the other where several have one name: the first is the one that is served.
        for (var project : projects) for (var calls : definitions(project)) run.all("definition", calls.stream());
        TaskScope.pause(SERVED_MILLIS);
        discover();
        for (var project : projects) {
            var creations = new ArrayList<Call>();
            var applications = new ArrayList<Call>();
            int number = 0;
            for (var document : ManifestDocument.all(project, report::untried)) {
                number++;
                if (!document.kind().equals(DEFINITION)) attempt(project, number, document, creations, applications);
            }
            run.all("manifest", creations.stream());
            run.all("apply", applications.stream());
        }
    }

    /// The definitions of a project, in rounds with one of each name.
    private List<List<Call>> definitions(Path project) throws IOException {
        var rounds = new ArrayList<List<Call>>();
        var times = new HashMap<String, Integer>();
        int number = 0;
        for (var document : ManifestDocument.all(project, reason -> {})) {
            if (!document.kind().equals(DEFINITION) || !isNew(document.object(), DEFINITION)) continue;
            int round = times.merge(View.of(document.object()).name(), 1, Integer::sum) - 1;
            if (round == rounds.size()) rounds.add(new ArrayList<>());
            var name = name(project, number++, document);
            rounds.get(round).add(Call.of(name, "POST", DEFINITIONS, document.object()));
        }
        return rounds;
    }

    private boolean isNew(Map<String, Object> object, String kind) {
        return tried.add(kind + Json.writeString(object));
    }

    private static String name(Path project, int number, ManifestDocument document) {
        return project.getFileName() + " " + number + " " + document.kind() + " "
                + View.of(document.object()).name();
    }

    private void attempt(
            Path project, int number, ManifestDocument document, List<Call> creations, List<Call> applications) {
        var object = document.object();
        var view = View.of(object);
        var kind = view.get("apiVersion").string() + "/" + document.kind();
        var resource = resources.get(kind);
        if (resource == null) {
            report.untried("not served: " + kind);
            return;
        }
        var metadata = view.get("metadata");
        boolean here = !metadata.get("namespace").exists()
                || resource.namespaced && metadata.get("namespace").string().equals(Sample.NAMESPACE);
        if (resource.namespaced && metadata.value() instanceof Map)
            Trees.put(object, Sample.NAMESPACE, "metadata", "namespace");
        if (!isNew(object, kind)) {
            report.untried("the same again");
            return;
        }
        var name = name(project, number, document);
        creations.add(Call.of(name, "POST", resource.collection() + "?" + DRY, object));
        if (!view.name().matches("[a-z0-9.-]+")) return;
        var bytes = here
                ? document.text().orElseGet(() -> Json.writeString(object)).getBytes(StandardCharsets.UTF_8)
                : Json.write(object);
        applications.add(new Call(
                name,
                "PATCH",
                resource.collection() + "/" + view.name() + "?" + DRY,
                Call.JSON,
                Optional.of(new Body("application/apply-patch+yaml", bytes))));
    }

    private void discover() {
        for (var root : List.of("/api", "/apis")) {
            var answer = run.silently(new Call("", "GET", root, AGGREGATED, Optional.empty()));
            for (var group : answer.object().get("items").views()) discover(root, group);
        }
    }

    private void discover(String root, View group) {
        var name = group.name();
        for (var version : group.get("versions").views()) {
            var apiVersion =
                    (name.isEmpty() ? "" : name + "/") + version.get("version").string();
            for (var resource : version.get("resources").views()) {
                boolean namespaced = resource.get("scope").string().equals("Namespaced");
                resources.put(
                        apiVersion + "/"
                                + resource.get("responseKind").get("kind").string(),
                        new Resource(
                                root + "/" + apiVersion,
                                resource.get("resource").string(),
                                namespaced));
            }
        }
    }
}
