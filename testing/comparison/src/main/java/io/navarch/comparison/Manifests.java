package io.navarch.comparison;

import io.navarch.comparison.generate.Sample;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Manifests of real projects: their definitions of custom resources are created, everything else is tried as a dry
/// run,
/// so that no file depends on another but for those.
final class Manifests {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String DEFINITION = "CustomResourceDefinition";
    private static final String DRY = "?dryRun=All&fieldManager=compare";
    /// Custom resources are served by then.
    private static final long SERVED_MILLIS = 3000;

    /// Where a kind is served.
    private record Resource(String prefix, String plural, boolean namespaced) {
        String collection() {
            return prefix + (namespaced ? "/namespaces/" + Sample.NAMESPACE : "") + "/" + plural;
        }
    }

    private final Run run;
    private final Map<String, Resource> resources = new HashMap<>();

    Manifests(Run run) {
        this.run = run;
    }

    /// @param folder with a folder, or a file, for each project
    void run(Path folder) throws IOException, InterruptedException {
        List<Path> projects;
        try (var entries = Files.list(folder)) {
            projects = entries.sorted().toList();
        }
        for (var project : projects) {
            var calls = new ArrayList<Call>();
            var objects = objects(project);
            for (var object : objects)
                if (kind(object).equals(DEFINITION)) calls.add(create(project, object, calls.size()));
            boolean more = !calls.isEmpty();
            run.all("definition", calls.stream());
            if (more) TaskScope.pause(SERVED_MILLIS);
            if (more || resources.isEmpty()) discover();
            var others = new ArrayList<Call>();
            for (var object : objects) if (!kind(object).equals(DEFINITION)) attempt(project, object, others);
            run.all("manifest", others.stream());
        }
    }

    private static String kind(Map<String, Object> object) {
        return View.of(object).get("kind").string();
    }

    private static List<Map<String, Object>> objects(Path project) throws IOException {
        var objects = new ArrayList<Map<String, Object>>();
        try (var files = Files.walk(project)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                for (var document : Files.readString(file).split("(?m)^---.*$")) add(document, objects);
            }
        }
        return objects;
    }

    private static void add(String document, List<Map<String, Object>> objects) {
        try {
            var object = View.of(Yaml.parse(document));
            if (object.get("items").value() instanceof List)
                object.get("items").views().forEach(item -> objects.add(Trees.copy(item.map())));
            else if (object.get("kind").exists()) objects.add(Trees.copy(object.map()));
        } catch (RuntimeException e) {
            // Templates that no values were filled in, and files that are no manifests.
        }
    }

    private static Call create(Path project, Map<String, Object> object, int number) {
        var name = project.getFileName() + " " + number + " " + kind(object) + " "
                + View.of(object).name();
        return Call.of(name, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object);
    }

    private void attempt(Path project, Map<String, Object> object, List<Call> calls) {
        var view = View.of(object);
        var resource = resources.get(view.get("apiVersion").string() + "/" + kind(object));
        if (resource == null) return;
        if (resource.namespaced) Trees.put(object, Sample.NAMESPACE, "metadata", "namespace");
        var name = project.getFileName() + " " + calls.size() + " " + kind(object) + " " + view.name();
        calls.add(Call.of(name, "POST", resource.collection() + DRY, object));
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
