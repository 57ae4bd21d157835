package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Trees, the views on them, and the small values in them.
class TreesTest {
    private static Map<String, Object> tree(String yaml) {
        return View.of(Yaml.parse(yaml)).map();
    }

    @Test
    void nothingIsFoundWhereSomethingElseStands() {
        var view = View.of(tree("{a: {b: [x, {c: 1}]}, d: text}"));
        assertThat(view.get("a", "b").at(1).get("c").longOr(0)).isEqualTo(1);
        assertThat(view.path("a.b").at(0).string()).isEqualTo("x");
        assertThat(view.path("d.e.f")).isEqualTo(View.ABSENT);
        assertThat(view.get("d").list()).isEmpty();
        assertThat(view.get("a").string()).isEmpty();
        assertThat(view.at(5).exists()).isFalse();
        assertThat(View.of(null)).isSameAs(View.ABSENT);
    }

    @Test
    void valuesAreSetBelowMapsThatAreMade() {
        var tree = new HashMap<String, Object>();
        Trees.put(tree, 1L, "a", "b");
        Trees.putIfAbsent(tree, 2L, "a", "b");
        Trees.putIfAbsent(tree, 3L, "a", "c");
        Trees.childList(tree, "list").add("x");
        assertThat(tree).isEqualTo(tree("{a: {b: 1, c: 3}, list: [x]}"));
        Trees.remove(tree, "a", "b");
        Trees.remove(tree, "list", "nothing");
        assertThat(tree).isEqualTo(tree("{a: {c: 3}, list: [x]}"));
    }

    @Test
    void aCopySharesNothingThatCanChange() {
        var original = tree("{a: {b: [1, {c: 2}]}}");
        var copy = Trees.copy(original);
        Trees.put(copy, List.of(), "a", "b");
        assertThat(original).isEqualTo(tree("{a: {b: [1, {c: 2}]}}"));
        assertThat(Trees.copyOf(null)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {a: 1}              | {a: 1.0}          | true  | true
            {a: 1}              | {a: 2}            | false | false
            {a: 1, b: {}}       | {a: 1}            | true  | false
            {a: 1}              | {a: 1, b: [], c:} | true  | false
            {a: {b: []}}        | {a: {}}           | true  | false
            [1, {}]             | [1]               | false | false
            {a: {b: {}}}        | {}                | false | false
            """)
    void emptyIsTheSameAsAbsentForOneEqualityAndNotForTheOther(
            String left, String right, boolean semantically, boolean exactly) {
        var a = Yaml.parse(left);
        var b = Yaml.parse(right);
        assertThat(Trees.semanticEquals(a, b)).isEqualTo(semantically);
        assertThat(Trees.semanticEquals(b, a)).isEqualTo(semantically);
        assertThat(Trees.same(a, b)).isEqualTo(exactly);
        assertThat(Trees.same(b, a)).isEqualTo(exactly);
    }

    @Test
    void timesAreReadWithAnyOffsetAndWrittenInUtc() {
        assertThat(Timestamps.parse("2026-01-02T05:04:05.5+02:00").map(Timestamps::seconds))
                .contains("2026-01-02T03:04:05Z");
        assertThat(Timestamps.micros(Instant.parse("2026-01-02T03:04:05.5Z"))).isEqualTo("2026-01-02T03:04:05.500000Z");
        assertThat(Timestamps.parse("yesterday")).isEmpty();
        assertThat(Timestamps.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "119, 119s", "120, 2m", "250, 4m10s", "3599, 59m", "18000, 5h", "90000, 25h", "1036800, 12d"})
    void agesAreShownAsKubectlShowsThem(long seconds, String shown) {
        var then = Instant.parse("2026-01-02T03:04:05Z");
        assertThat(Durations.since(Timestamps.seconds(then), then.plusSeconds(seconds)))
                .isEqualTo(shown);
        assertThat(Durations.since("", then)).isEqualTo("<unknown>");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, 11.1.2.3, false",
        "fd00::/8, fdab::1, true",
        "fd00::/8, 10.0.0.1, false",
        "10.0.0.0/33, 10.0.0.1, false",
        "none, 10.0.0.1, false"
    })
    void addressesLieInTheirBlocks(String block, String address, boolean inside) {
        assertThat(Addresses.contains(block, address)).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({"FD00:0:0::1, fd00::1", "1:0:0:2:0:0:0:3, 1:0:0:2::3", "10.0.0.1, 10.0.0.1", "::, ::"})
    void addressesHaveOneForm(String text, String canonical) {
        assertThat(Addresses.canonical(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.256", "10.0.0", "01.2.3.4", "localhost", "fd00:::1", "g::"})
    void whatIsNoAddressIsNotReadAsOne(String text) {
        assertThat(Addresses.isAddress(text)).isFalse();
    }

    @Test
    void fieldSelectorsAreConjunctions() {
        var fields = Map.of("a", "1", "b", "x=,y");
        assertThat(FieldSelector.parse("a=1,b==x\\=\\,y").matches(fields::get)).isTrue();
        assertThat(FieldSelector.parse("a=1,b!=x\\=\\,y").matches(fields::get)).isFalse();
        assertThat(FieldSelector.parse("").isEmpty()).isTrue();
    }

    @Test
    void duplicateKeysAreReportedAndTheLastValueWins() {
        var document = Json.read("{\"a\": [{\"b\": 1, \"b\": 2}]}".getBytes(StandardCharsets.UTF_8));
        assertThat(document.duplicates()).containsExactly(new Json.Duplicate.Field("a[0].b", 1));
        assertThat(document.tree()).isEqualTo(tree("{a: [{b: 2}]}"));
        assertThat(Yaml.read("{a: [{b: 1, b: 2}]}".getBytes(StandardCharsets.UTF_8))
                        .duplicates())
                .extracting(Json.Duplicate::complaint)
                .containsExactly("line 1: key \"b\" already set in map");
    }

    @Test
    void changesAreAMergePatch() {
        var before = tree("{a: 1, b: {c: x, d: [1]}, e: {f: 1}, g: true}");
        var after = tree("{a: 1.0, b: {c: x, d: [1, 2]}, e: {f: 1}, h: {i: 1}}");
        assertThat(Trees.changes(before, after)).isEqualTo(tree("{b: {d: [1, 2]}, h: {i: 1}, g: null}"));
    }
}
