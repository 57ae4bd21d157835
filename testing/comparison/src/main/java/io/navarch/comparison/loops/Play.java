package io.navarch.comparison.loops;

import io.navarch.comparison.Answer;
import io.navarch.comparison.Call;
import io.navarch.comparison.Side;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One scenario against one server.
final class Play {
    /// What was seen at a step.
    ///
    /// @param what the step in words
    /// @param answer the answer to a call, or whether what was waited for came
    record Seen(String what, Answer answer, Snapshot snapshot) {}

    private static final List<String> LISTED = List.of(
            "pods,replicationcontrollers,services,endpoints,configmaps,secrets,serviceaccounts",
            "persistentvolumeclaims,resourcequotas,limitranges,deployments,replicasets,statefulsets,daemonsets",
            "controllerrevisions,jobs,cronjobs,poddisruptionbudgets,horizontalpodautoscalers,endpointslices",
            "namespaces,nodes,persistentvolumes,certificatesigningrequests,clusterroles,leases");
    private static final int LOOK_MILLIS = 200;
    /// Nothing has changed for as long: whoever had something to do has done it.
    private static final int REST_MILLIS = 1200;
    private static final int RESTS = 12;
    private static final Snapshot NOTHING = Snapshot.of(List.of(), List.of());

    private final Side side;
    private final ResourceTable resources;
    private final PlayedNode node;
    private final Scenario scenario;
    private final List<Seen> seen = new ArrayList<>();

    Play(Side side, ResourceTable resources, PlayedNode node, Scenario scenario) {
        this.side = side;
        this.resources = resources;
        this.node = node;
        this.scenario = scenario;
    }

    List<Seen> run() throws InterruptedException {
        send(
                "namespace",
                Call.of(
                        "",
                        "POST",
                        "/api/v1/namespaces",
                        Map.of(
                                "metadata",
                                Map.of(
                                        "name",
                                        scenario.namespace(),
                                        "labels",
                                        Map.of("scenario", scenario.namespace())))));
        // Pods need the account, and the original answers with an error until it is there.
        until(new Step.Until(List.of(Expectation.of("serviceaccounts default count=1")), 30, false));
        for (var step : scenario.steps()) {
            switch (step) {
                case Step.Apply apply -> apply(apply.object());
                case Step.Create create -> create(create.object());
                case Step.Send send -> send(send);
                case Step.Until until -> until(until);
                case Step.Pause pause -> TaskScope.pause(pause.seconds() * 1000L);
                case Step.Silence silence -> node.silence(silence.node());
            }
        }
        return seen;
    }

    private void apply(View object) {
        var uri = collection(object) + "/" + object.name() + "?fieldManager=script&force=true";
        send("apply " + title(object), Call.patch("", uri, "application/apply-patch+yaml", object.value()));
    }

    private void create(View object) {
        send(
                "create " + title(object),
                Call.of("", "POST", collection(object) + "?fieldManager=script", object.value()));
    }

    private String collection(View object) {
        var namespace = object.namespace().isEmpty() ? scenario.namespace() : object.namespace();
        return resources.of(object).collection(namespace);
    }

    private static String title(View object) {
        return object.get("kind").string() + " " + object.name();
    }

    private void send(String what, Call call) {
        var answer = side.send(call);
        // The objects themselves are compared when all has come to rest.
        boolean refused = answer.status() >= 300;
        seen.add(new Seen(
                what,
                new Answer(answer.status(), Map.of(), answer.warnings(), refused ? answer.body() : Map.of()),
                NOTHING));
    }

    private void send(Step.Send step) {
        var words = step.on().split(" ");
        var sub = words.length > 2 ? "/" + words[2] : "";
        var collection = resources.named(words[0]).collection(scenario.namespace());
        var names = words[1].contains("=") || words[1].equals("*")
                ? list(words[0], words[1]).stream().map(View::name).sorted().toList()
                : List.of(words[1]);
        int number = 0;
        for (var name : step.first() ? names.subList(0, Math.min(1, names.size())) : names)
            send(step.method() + " " + step.on() + " " + number++, call(step, collection + "/" + name + sub, name));
    }

    private static Call call(Step.Send step, String uri, String name) {
        var body = step.body().value();
        if (step.method().equals("PATCH"))
            return Call.patch(
                    "",
                    uri + "?fieldManager=script",
                    body instanceof List ? "application/json-patch+json" : "application/merge-patch+json",
                    body);
        if (body == null) return new Call("", step.method(), uri, Call.JSON, Optional.empty());
        return Call.of("", step.method(), uri, Yaml.parse(Json.writeString(body).replace("$NAME", name)));
    }

    private void until(Step.Until step) throws InterruptedException {
        long end = System.nanoTime() + step.seconds() * 1_000_000_000L;
        List<String> open = List.of();
        do {
            open = step.expectations().stream()
                    .filter(each -> !each.met(list(each.resource(), each.who())))
                    .map(Expectation::text)
                    .toList();
            if (!open.isEmpty()) TaskScope.pause(LOOK_MILLIS);
        } while (!open.isEmpty() && System.nanoTime() < end);
        var what = "until "
                + String.join(
                        ", ",
                        step.expectations().stream().map(Expectation::text).toList());
        var answer =
                new Answer(open.isEmpty() ? 200 : 504, Map.of(), List.of(), Map.of("message", String.join(", ", open)));
        seen.add(new Seen(what, answer, step.compare() ? atRest() : NOTHING));
    }

    private List<View> list(String resource, String who) {
        var uri = resources.named(resource).collection(scenario.namespace()) + Expectation.query(who);
        return View.of(side.send(Call.get("", uri)).body()).get("items").views();
    }

    private Snapshot atRest() throws InterruptedException {
        var objects = objects();
        for (int i = 0; i < RESTS; i++) {
            TaskScope.pause(REST_MILLIS);
            var later = objects();
            boolean same = versions(later).equals(versions(objects));
            objects = later;
            if (same) break;
        }
        return Snapshot.of(objects, events());
    }

    private static Set<String> versions(List<View> objects) {
        var versions = new TreeSet<String>();
        for (var object : objects)
            if (!object.get("kind").string().equals("Node"))
                versions.add(object.uid() + " " + object.resourceVersion());
        return versions;
    }

    private List<View> objects() {
        var objects = new ArrayList<View>();
        for (var line : LISTED) for (var name : line.split(",")) objects.addAll(objects(resources.named(name)));
        return objects;
    }

    private List<View> objects(ResourceTable.Resource resource) {
        var own = resource.namespaced() ? "" : "?labelSelector=scenario%3D" + scenario.namespace();
        var answer = View.of(side.send(Call.get("", resource.collection(scenario.namespace()) + own))
                .body());
        return answer.get("items").views().stream()
                .map(item -> {
                    var object = new LinkedHashMap<>(item.map());
                    object.put("kind", resource.kind());
                    object.put("apiVersion", resource.apiVersion());
                    return View.of(object);
                })
                .toList();
    }

    /// Those of the namespace, and those of objects without one that are named after the scenario.
    private List<View> events() {
        var events = new ArrayList<>(list("events", "*"));
        var others = View.of(
                side.send(Call.get("", "/api/v1/namespaces/default/events")).body());
        others.get("items").views().stream()
                .filter(event -> event.get("involvedObject").name().startsWith(scenario.namespace()))
                .forEach(events::add);
        return events;
    }
}
