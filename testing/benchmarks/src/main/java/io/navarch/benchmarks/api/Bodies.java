package io.navarch.benchmarks.api;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Objects of the usual sizes, as JSON.
final class Bodies {
    static final String JSON = "application/json";
    static final String MERGE = "application/merge-patch+json";
    static final String APPLY = "application/apply-patch+yaml";
    private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"(\\d+)\"");

    private Bodies() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] configMap(String name, String labels, int size, Object value) {
        return bytes("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\",\"labels\":{" + labels + "}},\"data\":{\"value\":\"" + value + "\",\"padding\":\""
                + "x".repeat(size) + "\"}}");
    }

    static byte[] lease(String name, long number, String version) {
        return bytes("{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"" + name
                + "\"" + (version == null ? "" : ",\"resourceVersion\":\"" + version + "\"")
                + "},\"spec\":{\"holderIdentity\":\"" + name
                + "\",\"leaseDurationSeconds\":40,\"renewTime\":\"2026-01-01T00:00:00."
                + String.format("%06d", number % 1_000_000) + "Z\"}}");
    }

    static String version(byte[] answer) {
        var found = VERSION.matcher(new String(answer, StandardCharsets.UTF_8));
        if (!found.find()) throw new IllegalStateException("no resourceVersion");
        return found.group(1);
    }

    /// A Deployment of some 5 KB.
    static byte[] deployment(String name, Object value) {
        return bytes("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"" + name
                + "\",\"labels\":{\"app\":\"" + name
                + "\"}},\"spec\":{\"replicas\":0,\"paused\":true,\"selector\":{\"matchLabels\":"
                + "{\"app\":\"" + name + "\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name
                + "\"}},\"spec\":" + podSpec(value, "") + "}}}");
    }

    /// A Pod of some 5 KB as it is stored, which no scheduler takes.
    static byte[] pod(String name, String labels) {
        return bytes("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name + "\",\"labels\":{"
                + labels + "}},\"spec\":" + podSpec(1, "\"schedulerName\":\"nobody\",") + "}");
    }

    private static String podSpec(Object value, String more) {
        var containers = new StringBuilder();
        for (int c = 0; c < 2; c++) {
            var variables = new StringBuilder();
            for (int v = 0; v < 6; v++) {
                variables
                        .append(v == 0 ? "" : ",")
                        .append("{\"name\":\"VARIABLE_NUMBER_" + v + "\",\"value\":\"value-" + v + "-" + value + "\"}");
            }
            containers
                    .append(c == 0 ? "" : ",")
                    .append("{\"name\":\"container-" + c + "\",\"image\":\"registry.example/image-" + c + ":1\",")
                    .append("\"ports\":[{\"containerPort\":" + (8080 + c) + ",\"name\":\"http-" + c + "\"}],")
                    .append("\"resources\":{\"requests\":{\"cpu\":\"100m\",\"memory\":\"64Mi\"},")
                    .append("\"limits\":{\"cpu\":\"1\",\"memory\":\"128Mi\"}},")
                    .append("\"readinessProbe\":{\"httpGet\":{\"path\":\"/ready\",\"port\":" + (8080 + c) + "}},")
                    .append("\"volumeMounts\":[{\"name\":\"data\",\"mountPath\":\"/data\"}],")
                    .append("\"env\":[" + variables + "]}");
        }
        return "{" + more + "\"containers\":[" + containers + "],\"volumes\":[{\"name\":\"data\",\"emptyDir\":{}}]}";
    }
}
