package io.navarch.comparison.projects;

import io.navarch.comparison.Answer;
import io.navarch.comparison.Call;
import io.navarch.comparison.Call.Body;
import io.navarch.comparison.ManifestDocument;
import io.navarch.comparison.Side;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is done with one project: its definitions are created, asked for in every document, filled with its samples and
/// with spoiled ones, and deleted with what is in them.
final class Project {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String DRY = "dryRun=All&fieldManager=compare&fieldValidation=Strict";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String APPLY = "application/apply-patch+yaml";

    /// A definition takes no longer than this until it is established, and no longer than that until it is gone.
    private static final long ESTABLISHED_MILLIS = 2_000;

    private static final long PATIENCE_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 10;

    private static final int SAMPLES_A_KIND = 60;
    private static final int SPOILED_A_SAMPLE = 60;
    private static final int SAMPLES_SPOILED = 2;

    private final String name;
    private final Path folder;
    private final Findings findings;
    private final Explained explained;
    private final Result result = new Result();
    private final Map<String, ProjectKind> kinds = new LinkedHashMap<>();

    /// @param folder with `definitions` and `samples`
    Project(Path folder, Findings findings, Explained explained) {
        this.folder = folder;
        this.findings = findings;
        this.explained = explained;
        name = folder.getFileName().toString();
    }

    Result run() throws IOException, InterruptedException {
        install();
        documents();
        for (var kind : kinds.values()) explained.compare(name, kind);
        var samples = samples();
        for (var kind : kinds.values()) kind(kind, samples.getOrDefault(kind.qualified(), List.of()));
        remove();
        return result;
    }

    private void install() throws IOException, InterruptedException {
        var names = new HashSet<String>();
        for (var document : ManifestDocument.all(folder.resolve("definitions"), reason -> {})) {
            var definition = View.of(document.object());
            if (!document.kind().equals("CustomResourceDefinition") || !names.add(definition.name())) continue;
            var call = Call.of(name + " " + definition.name(), "POST", DEFINITIONS, document.object());
            int bytes = call.body().orElseThrow().bytes().length;
            for (var side : List.of(findings.ours(), findings.original())) away(side, definition.name());
            long start = System.nanoTime();
            var mine = findings.ours().send(call);
            boolean taken = mine.status() == 201;
            if (taken) until(findings.ours(), definition.name(), true);
            long ours = millis(start);
            long second = System.nanoTime();
            var theirs = findings.original().send(call);
            boolean also = theirs.status() == 201;
            if (also) until(findings.original(), definition.name(), true);
            result.definition(bytes, ours, millis(second), taken);
            if (taken && ours > ESTABLISHED_MILLIS)
                findings.missed("definition", definition.name() + " is established after " + ours + " ms");
            findings.tell("definition", call, mine, theirs);
            if (!taken || !also) continue;
            var stored = findings.compare("definition", Call.get(call.name() + " stored", place(definition.name())));
            for (var kind : ProjectKind.of(stored.mine().object())) kinds.put(kind.qualified(), kind);
        }
    }

    /// Of an earlier run.
    private static void away(Side side, String definition) throws InterruptedException {
        var deletion = new Call("", "DELETE", place(definition), Call.JSON, Optional.empty());
        if (side.send(deletion).status() == 200) until(side, definition, false);
    }

    private static String place(String definition) {
        return DEFINITIONS + "/" + definition;
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    /// Waits until a definition is established, or gone; no longer than for the patience there is.
    private static void until(Side side, String definition, boolean established) throws InterruptedException {
        long start = System.nanoTime();
        while (millis(start) < PATIENCE_MILLIS) {
            var answer = side.send(Call.get("", place(definition)));
            if (established && answer.object().condition("Established").equals("True")) return;
            if (!established && answer.status() == 404) return;
            TaskScope.pause(LOOK_MILLIS);
        }
    }

    /// Discovery and the published schemas, once the original has made them.
    private void documents() throws InterruptedException {
        var versions = new LinkedHashMap<String, List<ProjectKind>>();
        for (var kind : kinds.values())
            versions.computeIfAbsent(kind.apiVersion(), key -> new ArrayList<>())
                    .add(kind);
        for (var entry : versions.entrySet()) {
            var paths = List.of("/apis/" + entry.getKey(), "/openapi/v3/apis/" + entry.getKey());
            for (var path : paths) {
                var call = Call.get(name + " " + path, path);
                published(findings.original(), call, entry.getValue());
                if (!published(findings.ours(), call, entry.getValue()))
                    findings.missed("document", path + " does not have every kind");
                findings.compare("document", call);
            }
        }
    }

    private static boolean published(Side side, Call call, List<ProjectKind> kinds) throws InterruptedException {
        long start = System.nanoTime();
        while (millis(start) < PATIENCE_MILLIS) {
            var text = Json.writeString(side.send(call).body());
            if (kinds.stream().allMatch(kind -> text.contains("\"" + kind.kind() + "\""))) return true;
            TaskScope.pause(LOOK_MILLIS * 10);
        }
        return false;
    }

    private Map<String, List<Map<String, Object>>> samples() throws IOException {
        var samples = new HashMap<String, List<Map<String, Object>>>();
        if (!Files.isDirectory(folder.resolve("samples"))) return samples;
        var tried = new HashSet<String>();
        for (var document : ManifestDocument.all(folder.resolve("samples"), reason -> {})) {
            var object = document.object();
            var qualified = View.of(object).get("apiVersion").string() + "/" + document.kind();
            var kind = kinds.get(qualified);
            if (kind == null || !tried.add(Json.writeString(kind.placed(object)))) continue;
            var list = samples.computeIfAbsent(qualified, key -> new ArrayList<>());
            if (list.size() < SAMPLES_A_KIND) list.add(object);
        }
        return samples;
    }

    private void kind(ProjectKind kind, List<Map<String, Object>> samples) throws InterruptedException {
        var label = name + " " + kind.qualified();
        var accepted = new ArrayList<Map<String, Object>>();
        var creations = new ArrayList<Call>();
        var applications = new ArrayList<Call>();
        for (int i = 0; i < samples.size(); i++) {
            var sample = samples.get(i);
            creations.add(Call.of(label + " sample " + i, "POST", kind.collection() + "?" + DRY, sample));
            var named = View.of(sample).name();
            if (named.matches("[a-z0-9.-]+")) applications.add(apply(label + " sample " + i, kind, named, sample, DRY));
        }
        var answers = findings.all("sample", creations);
        for (int i = 0; i < answers.size(); i++) {
            boolean taken = answers.get(i).mine().status() == 201;
            result.sample(taken);
            if (taken && !View.of(samples.get(i)).name().isEmpty()) accepted.add(samples.get(i));
        }
        findings.all("apply", applications);
        for (boolean needed : new boolean[] {true, false}) {
            var grown = grown(kind, needed);
            var made = findings.compare(
                    "grown", Call.of(label + " grown " + needed, "POST", kind.collection() + "?" + DRY, grown));
            if (made.mine().status() == 201 || accepted.isEmpty() && !needed) accepted.add(grown);
        }
        for (int i = 0; i < Math.min(SAMPLES_SPOILED, accepted.size()); i++) {
            var object = i == 0 ? accepted.getFirst() : accepted.getLast();
            stored(label + " " + i, kind, object).ifPresent(stored -> life(label, kind, object, stored));
            spoil(label + " " + i, kind, object);
        }
    }

    private static Map<String, Object> grown(ProjectKind kind, boolean needed) {
        var grown = View.of(Grown.of(kind.schema(), needed)).map();
        grown.put("apiVersion", kind.apiVersion());
        grown.put("kind", kind.kind());
        grown.put("metadata", Trees.map("name", needed ? "needed" : "grown"));
        return kind.placed(grown);
    }

    private static Call apply(
            String label, ProjectKind kind, String named, Map<String, Object> object, String options) {
        return new Call(
                label,
                "PATCH",
                kind.collection() + "/" + named + "?" + options,
                Call.JSON,
                Optional.of(new Body(APPLY, Json.write(object))));
    }

    /// Creates an object to stay, where both servers take it.
    private Optional<Answer> stored(String label, ProjectKind kind, Map<String, Object> object) {
        var both = findings.compare("life", Call.of(label + " created", "POST", kind.collection(), object));
        return both.mine().status() == 201 && both.theirs().status() == 201
                ? Optional.of(both.mine())
                : Optional.empty();
    }

    private void life(String label, ProjectKind kind, Map<String, Object> object, Answer stored) {
        var named = stored.object().name();
        var place = kind.collection() + "/" + named;
        findings.compare("life", new Call(label + " columns", "GET", place, TABLE, Optional.empty()));
        for (int i = 0; i < 2; i++)
            findings.compare("life", apply(label + " applied " + i, kind, named, object, "fieldManager=a&force=true"));
        var status = kind.schema().get("properties").get("status");
        if (kind.version().get("subresources").get("status").exists() && status.exists()) {
            var change = Trees.map("status", Grown.of(status, false));
            var uri = place + "/status?fieldManager=b";
            findings.compare("life", Call.patch(label + " status", uri, "application/merge-patch+json", change));
        }
        findings.compare("life", Call.get(label + " at last", place));
        findings.compare("life", new Call(label + " list", "GET", kind.collection(), TABLE, Optional.empty()));
    }

    private void spoil(String label, ProjectKind kind, Map<String, Object> object) throws InterruptedException {
        var creations = new ArrayList<Call>();
        var updates = new ArrayList<Call>();
        var named = View.of(object).name();
        for (var variant : Spoiled.of(object, kind.schema(), SPOILED_A_SAMPLE)) {
            var what = label + variant.name();
            creations.add(Call.of(what, "POST", kind.collection() + "?" + DRY, renamed(variant.object())));
            updates.add(Call.of(what, "PUT", kind.collection() + "/" + named + "?" + DRY, variant.object()));
        }
        for (var each : findings.all("spoiled", creations))
            result.spoiled(each.mine().status() == 201);
        findings.all("update", updates);
    }

    private static Object renamed(Object object) {
        var copy = Trees.copy(View.of(object).map());
        Trees.put(copy, "spoiled", "metadata", "name");
        return copy;
    }

    private void remove() throws InterruptedException {
        var definitions = new LinkedHashMap<String, ProjectKind>();
        kinds.values().forEach(kind -> definitions.put(kind.definition().name(), kind));
        for (var entry : definitions.entrySet()) {
            var call = new Call(
                    name + " " + entry.getKey() + " deleted",
                    "DELETE",
                    place(entry.getKey()),
                    Call.JSON,
                    Optional.empty());
            findings.compare("removal", call);
        }
        for (var entry : definitions.entrySet()) {
            until(findings.ours(), entry.getKey(), false);
            until(findings.original(), entry.getKey(), false);
            var label = name + " " + entry.getKey();
            findings.compare("removal", Call.get(label + " gone", place(entry.getKey())));
            findings.compare(
                    "removal",
                    Call.get(label + " served no more", entry.getValue().collection()));
        }
    }
}
