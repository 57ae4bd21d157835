package io.navarch.benchmarks.api;

import com.sun.management.OperatingSystemMXBean;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.lang.management.ManagementFactory;

/// Service accounts that may do everything and, unlike the administrator, are bound by priority and fairness.
record Users(Server server, String namespace) {
    String token(String name) {
        var accounts = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
        post(accounts, "{\"metadata\":{\"name\":\"" + name + "\"}}");
        post(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                "{\"metadata\":{\"name\":\"bench-" + namespace + "-" + name
                        + "\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\","
                        + "\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"" + name
                        + "\",\"namespace\":\"" + namespace + "\"}]}");
        var answer = server.control()
                .call(
                        "POST",
                        accounts + "/" + name + "/token",
                        Bodies.JSON,
                        Bodies.bytes("{\"spec\":{\"expirationSeconds\":7200}}"))
                .expect(201);
        return View.of(Json.parse(answer.body())).get("status").get("token").string();
    }

    private void post(String path, String body) {
        var answer = server.control().call("POST", path, Bodies.JSON, Bodies.bytes(body));
        if (answer.code() != 409) answer.expect(201);
    }

    /// What this process has taken itself.
    static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }
}
