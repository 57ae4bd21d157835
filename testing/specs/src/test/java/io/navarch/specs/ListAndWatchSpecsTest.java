package io.navarch.specs;

import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What conformance specs of the same names ask of lists in pages and of watches, and what is answered to wrong
/// options of both.
class ListAndWatchSpecsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private static String map(String name, String label, String value) {
        return "{metadata: {name: " + name + ", labels: {watch: " + label + "}}, data: {v: '" + value + "'}}";
    }

    /// The events there are already, as type, name and value; the watch ends by itself.
    private static List<String> watch(String query) {
        return watch("timeoutSeconds=2&" + query, "");
    }

    /// @param last the event at which reading ends
    private static List<String> watch(String query, String last) {
        var events = new ArrayList<String>();
        try (var response = plane.client.stream("GET", MAPS + "?watch=true&" + query);
                var lines = new BufferedReader(new InputStreamReader(response.body()))) {
            for (String line; !events.contains(last) && (line = lines.readLine()) != null; ) {
                var event = View.of(Json.parse(line));
                var object = event.get("object");
                events.add(event.get("type").string() + " " + object.name() + " "
                        + object.get("data", "v").string());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls")
    void chunks() {
        var templates = "/api/v1/namespaces/default/podtemplates";
        for (int i = 0; i < 40; i++)
            calls.post(
                    templates,
                    "{metadata: {name: template-00" + (i < 10 ? "0" : "") + i
                            + "}, template: {spec: {containers: [{name: test, image: test2}]}}}");
        var found = new ArrayList<String>();
        var token = "";
        var version = "";
        do {
            var page = calls.get(templates + "?limit=7&continue=" + token);
            var items = page.get("items").views();
            assertThat(items.size()).isLessThanOrEqualTo(7);
            if (!version.isEmpty()) assertThat(page.resourceVersion()).isEqualTo(version);
            version = page.resourceVersion();
            items.forEach(item -> found.add(item.name()));
            token = page.metadata().get("continue").string();
            var remaining = page.metadata().get("remainingItemCount");
            assertThat(remaining.longOr(0)).isEqualTo(40 - found.size());
        } while (!token.isEmpty());
        assertThat(found).hasSize(40).isSorted();
        assertThat(calls.count(templates)).isEqualTo(40);
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent [Slow]")
    void chunksAfterCompaction() throws InterruptedException {
        var secrets = "/api/v1/namespaces/default/secrets";
        for (int i = 0; i < 9; i++) calls.post(secrets, "{metadata: {name: chunk-" + i + ", labels: {chunk: a}}}");
        var first = calls.get(secrets + "?labelSelector=chunk&limit=3");
        // Other first pages push the state of this one out of memory, compaction takes it out of the store.
        for (int i = 0; i < 9; i++) {
            calls.post(secrets, "{metadata: {name: other-" + i + "}}");
            calls.get(secrets + "?limit=1");
        }
        plane.plane.compact();
        var refused = calls.tryGet(secrets + "?labelSelector=chunk&limit=3&continue="
                + first.metadata().get("continue").string());
        refused.expect(410);
        assertThat(refused.body().get("reason").string()).isEqualTo("Expired");
        var token = refused.body().metadata().get("continue").string();
        assertThat(token).isNotEmpty();
        var rest = calls.get(secrets + "?labelSelector=chunk&continue=" + token);
        assertThat(rest.resourceVersion()).isNotEqualTo(first.resourceVersion());
        assertThat(rest.get("items").views().stream().map(View::name))
                .containsExactly("chunk-3", "chunk-4", "chunk-5", "chunk-6", "chunk-7", "chunk-8");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector")
    void leavesTheSelector() {
        var version = calls.get(MAPS).resourceVersion();
        calls.post(MAPS, map("leaving", "in", "0"));
        calls.patch(MAPS + "/leaving", MERGE, "{data: {v: '1'}}");
        calls.patch(MAPS + "/leaving", MERGE, "{metadata: {labels: {watch: out}}}");
        calls.patch(MAPS + "/leaving", MERGE, "{data: {v: '2'}}");
        calls.patch(MAPS + "/leaving", MERGE, "{metadata: {labels: {watch: in}}}");
        calls.patch(MAPS + "/leaving", MERGE, "{data: {v: '3'}}");
        calls.delete(MAPS + "/leaving").expect(200);
        assertThat(watch("labelSelector=watch%3Din&resourceVersion=" + version))
                .containsExactly(
                        "ADDED leaving 0",
                        "MODIFIED leaving 1",
                        "DELETED leaving 1",
                        "ADDED leaving 2",
                        "MODIFIED leaving 3",
                        "DELETED leaving 3");
    }

    /// A number is not what it was once it has been multiplied.
    @Test
    void aWatchThatIsToLastForEverDoes() {
        for (var seconds : List.of("9223372036854775", "9223372036854775807", "-9223372036854775808")) {
            var name = "lasting" + seconds.length();
            var version = calls.get(MAPS).resourceVersion();
            calls.post(MAPS, map(name, name, "0"));
            calls.delete(MAPS + "/" + name).expect(200);
            assertThat(watch(
                            "labelSelector=watch%3D" + name + "&resourceVersion=" + version + "&timeoutSeconds="
                                    + seconds,
                            "DELETED " + name + " 0"))
                    .as(seconds)
                    .hasSize(2);
        }
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch")
    void restarts() {
        calls.post(MAPS, map("restarted", "again", "0"));
        var seen = calls.patch(MAPS + "/restarted", MERGE, "{data: {v: '1'}}");
        calls.patch(MAPS + "/restarted", MERGE, "{data: {v: '2'}}");
        calls.delete(MAPS + "/restarted").expect(200);
        assertThat(watch("labelSelector=watch%3Dagain&resourceVersion=" + seen.resourceVersion()))
                .containsExactly("MODIFIED restarted 2", "DELETED restarted 2");
    }

    @Test
    @DisplayName("[sig-api-machinery] Watchers should receive events on concurrent watches in same order")
    void sameOrder() throws Exception {
        var version = calls.get(MAPS).resourceVersion();
        var watchers = new ArrayList<Callable<List<String>>>();
        for (int i = 0; i < 20; i++)
            watchers.add(() -> watch(
                    "timeoutSeconds=60&labelSelector=watch%3Dmany&resourceVersion=" + version, "ADDED the-end 0"));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = watchers.stream().map(pool::submit).toList();
            for (int i = 0; i < 60; i++) {
                var name = "many-" + i % 5;
                if (i < 5) calls.post(MAPS, map(name, "many", "0"));
                else if (i % 7 == 6) calls.patch(MAPS + "/" + name, MERGE, "{metadata: {labels: {watch: other}}}");
                else
                    calls.patch(
                            MAPS + "/" + name, MERGE, "{metadata: {labels: {watch: many}}, data: {v: '" + i + "'}}");
            }
            calls.post(MAPS, map("the-end", "many", "0"));
            var first = results.getFirst().get();
            assertThat(first.size()).isGreaterThan(50);
            for (var other : results) assertThat(other.get()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=x | 400 | strconv.ParseInt",
                "continue=forged | 400 | continue key is not valid",
                "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi8uLi9zZWNyZXRzL3gifQ | 400 | continue key is not valid",
                "resourceVersion=x | 400 | strconv.ParseUint",
                "resourceVersionMatch=Exact | 422 | resourceVersionMatch is forbidden unless resourceVersion is provided",
                "resourceVersion=0&resourceVersionMatch=Exact | 422 | resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
                "labelSelector=a%20in%20b | 400 | found 'b'",
                "fieldSelector=data.x%3D1 | 400 | is not a known field selector",
                "resourceVersion=1&resourceVersionMatch=Maybe | 422 | supported values",
                "sendInitialEvents=true | 422 | sendInitialEvents is forbidden for list",
                "watch=true&sendInitialEvents=true | 422 | sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            })
    void wrongOptionsAreNamed(String query, int code, String text) {
        var answer = calls.tryGet(MAPS + "?" + query);
        assertThat(answer.code()).as("%s", answer.body()).isEqualTo(code);
        assertThat(answer.message()).contains(text);
    }

    @Test
    void aListOfTheFutureIsWaitedForAndThenRefused() {
        var answer = calls.tryGet(MAPS + "?resourceVersion=999999999");
        answer.expect(504);
        assertThat(answer.message()).contains("Too large resource version");
        assertThat(answer.body().get("details", "causes").at(0).get("reason").string())
                .isEqualTo("ResourceVersionTooLarge");
    }
}
