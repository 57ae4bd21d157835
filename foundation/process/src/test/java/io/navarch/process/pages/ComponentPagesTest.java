package io.navarch.process.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentPagesTest {
    private Optional<String> failure = Optional.empty();

    private final HealthPages health = new HealthPages(Map.of(
            "livez",
            List.of(HealthCheck.PING),
            "readyz",
            List.of(HealthCheck.PING, new HealthCheck("cache", () -> failure))));

    private final ComponentPages pages = pages(true);

    private ComponentPages pages(boolean debug) {
        return new ComponentPages(
                new ComponentPages.Component(
                        "kube-scheduler", "v1.36.0+navarch.0.1.0", Map.of("port", "1", "bind-address", "::"), debug),
                new Metrics(),
                health,
                Map.of("/mode", () -> Page.text(200, "fast")));
    }

    private static String text(Page page) {
        return new String(page.body(), StandardCharsets.UTF_8);
    }

    private static Page.Request request(String method, String path, String query, String accept, String body) {
        var parameters = new HashMap<String, List<String>>();
        for (var each : query.split("&")) {
            var pair = each.split("=", 2);
            parameters.put(pair[0], List.of(pair.length > 1 ? pair[1] : ""));
        }
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Page.Request(
                method, path, parameters, accept, most -> Arrays.copyOf(bytes, Math.min(most, bytes.length)));
    }

    private Page get(String path) {
        return pages.answer(Page.Request.get(path));
    }

    private Page accepting(String path, String accept) {
        return pages.answer(request("GET", path, "", accept, ""));
    }

    @Test
    void aCheckThatFailsIsNamedToWhoeverAsks() {
        assertThat(text(get("/readyz"))).isEqualTo("ok");
        failure = Optional.of("cold");
        var failed = get("/readyz");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(text(failed)).isEqualTo("[+]ping ok\n[-]cache failed: reason withheld\nreadyz check failed\n");
        assertThat(text(get("/readyz/cache"))).isEqualTo("internal server error: cold\n");
        assertThat(get("/livez").status()).isEqualTo(200);
        assertThat(text(pages.answer(request("GET", "/readyz", "exclude=cache&verbose", "", ""))))
                .isEqualTo("[+]ping ok\n[+]cache excluded: ok\nreadyz check passed\n");
        for (var other : List.of("/healthz", "/readyz/", "/readyz/other", "/livez/cache", "readyz", "", "/"))
            assertThat(get(other).status()).as(other).isEqualTo(404);
    }

    /// What is told by `/metrics/slis` is what was found when somebody asked.
    @Test
    void checksAreCounted() {
        get("/readyz");
        failure = Optional.of("cold");
        get("/readyz");
        assertThat(text(get("/metrics/slis")).lines())
                .contains(
                        "kubernetes_healthcheck{name=\"cache\",type=\"readyz\"} 0",
                        "kubernetes_healthcheck{name=\"ping\",type=\"readyz\"} 1",
                        "kubernetes_healthchecks_total{name=\"cache\",type=\"readyz\",status=\"error\"} 1",
                        "kubernetes_healthchecks_total{name=\"cache\",type=\"readyz\",status=\"success\"} 1")
                .noneMatch(line -> line.contains("livez"));
    }

    @Test
    void theProgramIsTold() {
        assertThat(text(get("/metrics")))
                .contains("process_start_time_seconds ", "git_version=\"v1.36.0+navarch.0.1.0\"");
        assertThat(text(get("/flagz")))
                .startsWith("\nkube-scheduler flagz\nWarning: ")
                .endsWith("\nbind-address=::\nport=1\n");
        assertThat(text(get("/statusz")))
                .contains(
                        "\nBinary version: 1.36.0+navarch.0.1.0\n",
                        "\nPaths: /flagz /livez /metrics /mode /readyz /statusz\n");
        assertThat(text(get("/mode"))).isEqualTo("fast");
    }

    /// An object is given to whoever asks for exactly that one, text to everybody else who takes text.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | text",
                "*/* | text",
                "text/* | text",
                "application/json;as=Flagz;v=v1beta1;g=config.k8s.io | v1beta1",
                "application/*;v=v1alpha1;as=Flagz;g=config.k8s.io, */* | v1alpha1",
                "*/*;q=0.1, application/json;as=Flagz;v=v1beta1;g=config.k8s.io;q=0.9 | v1beta1",
                "application/json, text/plain;q=0.5 | text",
                "application/json | none",
                "application/json;as=Statusz;v=v1beta1;g=config.k8s.io | none",
                "application/json;as=Flagz;v=v2;g=config.k8s.io | none",
                "text/plain;as=Flagz;v=v1beta1;g=config.k8s.io | none",
                ";=,;q=x | none",
                "; | none",
                ",;,;;, text/plain | text",
            })
    void whatIsWantedIsGiven(String accept, String form) {
        var page = accepting("/flagz", accept);
        switch (form) {
            case "text" -> assertThat(text(page)).startsWith("\nkube-scheduler flagz\n");
            case "none" -> assertThat(page.status()).isEqualTo(406);
            default -> {
                var object = View.of(Json.parse(page.body()));
                assertThat(object.get("apiVersion").string()).isEqualTo("config.k8s.io/" + form);
                assertThat(object.get("flags", "port").string()).isEqualTo("1");
                assertThat(page.headers().containsKey("Warning")).isEqualTo(form.equals("v1alpha1"));
            }
        }
    }

    @Test
    void objectsCanBeYaml() {
        var page = accepting("/statusz", "application/yaml;as=Statusz;v=v1beta1;g=config.k8s.io");
        assertThat(page.contentType()).isEqualTo("application/yaml;g=config.k8s.io;v=v1beta1;as=Statusz");
        assertThat(text(page)).contains("kind: Statusz\n", "name: kube-scheduler\n", "emulationVersion: ");
    }

    private Page put(String body) {
        return pages.answer(request("PUT", "/debug/flags/v", "", "", body));
    }

    @Test
    void howMuchIsLoggedCanBeChanged() {
        assertThat(text(put("4"))).isEqualTo("successfully set klog.logging.verbosity to 4\n");
        assertThat(Logger.getLogger("io.navarch").isLoggable(Level.FINE)).isTrue();
        assertThat(put("0").status()).isEqualTo(200);
        assertThat(Logger.getLogger("io.navarch").isLoggable(Level.FINE)).isFalse();
        assertThat(get("/debug/flags/v").status()).isEqualTo(406);
    }

    @AfterEach
    void asBefore() {
        put("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", " 4", "4294967296", "99999999999999999999999999"})
    void whatIsNoVerbosityIsRefused(String sent) {
        assertThat(put(sent).status()).isEqualTo(400);
        assertThat(text(put(sent))).startsWith("strconv.ParseUint: parsing \"" + sent + "\": ");
    }

    @Test
    void nothingCanBeLookedIntoUnlessSomebodySaysSo() {
        for (var path : List.of("/debug/flags/v", "/debug/flags", "/debug/pprof/"))
            assertThat(pages(false).answer(request("PUT", path, "", "", "4")).status())
                    .as(path)
                    .isEqualTo(404);
        assertThat(get("/debug/pprof/heap").status()).isEqualTo(404);
    }
}
