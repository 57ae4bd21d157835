package io.navarch.specs;

import io.navarch.objects.View;
import java.util.List;
import java.util.function.Predicate;

/// Workloads on hollow nodes, for specifications of controllers: each test has a namespace of its own.
record Workload(Calls calls, String namespace) {
    /// Options of a plane with nodes for that.
    static String[] nodes(int count) {
        return new String[] {
            "--hollow-nodes", String.valueOf(count), "--hollow-start-ms", "5-60", "--hollow-run-ms", "200"
        };
    }

    static Workload in(Calls calls, String namespace) {
        calls.post("/api/v1/namespaces", "{metadata: {name: " + namespace + "}}");
        calls.until(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts/default",
                account -> account.name().equals("default"));
        return new Workload(calls, namespace);
    }

    String core(String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }

    String apps(String resource) {
        return "/apis/apps/v1/namespaces/" + namespace + "/" + resource;
    }

    String batch(String resource) {
        return "/apis/batch/v1/namespaces/" + namespace + "/" + resource;
    }

    /// A template, and the selector that finds its pods.
    static String template(String label) {
        return template(label, "");
    }

    /// @param more of the pod's spec, with a comma before it
    static String template(String label, String more) {
        return "selector: {matchLabels: {app: " + label + "}}, template: " + pods(label, more);
    }

    static String pods(String label, String more) {
        return "{metadata: {labels: {app: " + label + "}}, spec: {containers: [{name: c, image: i}]" + more + "}}";
    }

    /// No node has this: such pods wait until the test says what becomes of them.
    static final String NOWHERE = ", nodeSelector: {nowhere: 'true'}";

    List<View> pods() {
        return calls.get(core("pods")).get("items").views();
    }

    List<View> active() {
        return pods().stream()
                .filter(pod -> !pod.deleting()
                        && !List.of("Failed", "Succeeded")
                                .contains(pod.status().get("phase").string()))
                .toList();
    }

    /// Waits until the pods are so.
    List<View> pods(Predicate<List<View>> wanted) {
        return calls.until(core("pods"), list -> wanted.test(list.get("items").views()))
                .get("items")
                .views();
    }

    /// Waits until so many pods are ready, and there are no others.
    List<View> ready(int count) {
        return pods(pods -> pods.size() == count
                && pods.stream()
                        .allMatch(
                                pod -> !pod.deleting() && pod.condition("Ready").equals("True")));
    }

    /// Says that a pod has ended.
    void end(View pod, String phase, int exitCode, String conditions) {
        calls.patch(
                core("pods/" + pod.name() + "/status"),
                Calls.MERGE,
                "{status: {phase: " + phase + ", conditions: [" + conditions
                        + "], containerStatuses: [{name: c, image: i, imageID: i, ready: false, restartCount: 0, state: {terminated: {exitCode: "
                        + exitCode + ", finishedAt: '2026-01-01T00:00:00Z'}}}]}}");
    }
}
