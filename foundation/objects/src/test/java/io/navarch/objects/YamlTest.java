package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
    @ParameterizedTest
    @CsvSource({
        "yes,true",
        "on,true",
        "y,true",
        "no,false",
        "N,false",
        "0o14,12",
        "014,12",
        "0x1F,31",
        "1_000,1000",
        "1.5,1.5",
        "-3,-3"
    })
    void resolvesScalarsAsKubectlDoes(String text, String expected) {
        assertThat(String.valueOf(Yaml.parse("a: " + text))).isEqualTo("{a=" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource({"1:30", "2001-01-01", "1.2.3", "0x", "abc"})
    void leavesOtherScalarsAlone(String text) {
        assertThat(Yaml.parse("a: " + text)).isEqualTo(Map.of("a", text));
    }

    @Test
    void mergesKeysAndReadsSeveralDocuments() {
        var documents = Yaml.parseAll("x: &x {a: 1}\ny: {<<: *x, b: 2}\n---\n---\nz: ~\n");
        assertThat(documents).hasSize(2);
        assertThat(View.of(documents.getFirst()).get("y").map()).isEqualTo(Map.of("a", 1L, "b", 2L));
        assertThat(View.of(documents.get(1)).map()).containsKey("z");
    }

    @Test
    void refusesDuplicateKeys() {
        assertThatThrownBy(() -> Yaml.parse("a: 1\na: 2\n")).isInstanceOf(Json.MalformedException.class);
    }

    private static Json.Document read(String text) {
        return Yaml.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(String text, String why) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(Json.MalformedException.class)
                .hasMessage("yaml: " + why);
    }

    @Test
    void namesAreNotExpandedWithoutEnd() {
        var bomb = new StringBuilder("x0: &x0 [a,a,a]\n");
        for (int i = 1; i <= 16; i++) {
            var before = "*x" + (i - 1);
            bomb.append("x%d: &x%d [%s,%s,%s]\n".formatted(i, i, before, before, before));
        }
        refused(bomb.toString(), "document contains excessive aliasing");
        var merges = new StringBuilder("x0: &x0 {a: 1, b: 1, c: 1}\n");
        for (int i = 1; i <= 40; i++) {
            var before = "*x" + (i - 1);
            merges.append("x%d: &x%d {<<: [%s, %s]}\n".formatted(i, i, before, before));
        }
        refused(merges.toString(), "document contains excessive aliasing");
        refused("&a [*a]", "anchor 'a' value contains itself");
        refused("a: &a {b: {c: *a}}", "anchor 'a' value contains itself");
        var shared = "base: &base {a: 1, b: [1, 2]}\nall: [" + "*base, ".repeat(1000) + "*base]\n";
        assertThat(View.of(read(shared).tree()).get("all").list()).hasSize(1001);
    }

    @Test
    void whatIsTaggedIsWhatItsTagSays() {
        assertThat(read("[!!str 12, !!int '12', !mine 12, !!str '', '12', !!bool yes, <<]")
                        .tree())
                .isEqualTo(List.of("12", 12L, "12", "", "12", true, "<<"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!<%20> a",
                "!<tag:%20> a",
                "\"\\x\"",
                "\"\\U\"",
                "\"\\xg\"",
                "!%g a",
                "%TAG ! tag:%20\n--- !a b",
                "!<%> a"
            })
    void oddTagsAndEscapesAreMalformed(String text) {
        try {
            read(text);
        } catch (Json.MalformedException e) {
            assertThat(e).hasMessageStartingWith("yaml: ");
        }
    }

    @Test
    void onlyTheFirstDocumentIsRead() {
        assertThat(read("a: 1\n---\n{[").tree()).isEqualTo(Map.of("a", 1L));
        assertThat(read("").tree()).isNull();
    }

    @Test
    void whatIsTooDeepOrNoTextIsRefused() {
        refused("[".repeat(100_000), "exceeded max depth of 500");
        refused("- ".repeat(100_000), "exceeded max depth of 500");
        refused("a: !!binary '$$$'", "!!binary value contains invalid base64 data");
        assertThatThrownBy(() -> Yaml.read(new byte[] {'a', ':', ' ', (byte) 0xff}))
                .hasMessage("yaml: invalid leading UTF-8 octet");
    }

    @ParameterizedTest
    @CsvSource({
        "0xFFFFFFFFFFFFFFFFFF,0xFFFFFFFFFFFFFFFFFF",
        "0b" + "1111111111111111111111111111111111111111111111111111111111111111111111,"
                + "0b1111111111111111111111111111111111111111111111111111111111111111111111",
        "1e999999,1e999999",
        "12345678901234567890,1.2345678901234567E19"
    })
    void numbersThatAreTooLargeAreNoErrors(String text, String expected) {
        assertThat(read("a: " + text).tree()).hasToString("{a=" + expected + "}");
    }

    /// With the path of each element written out, this would be 50 000 million characters.
    @Test
    @Timeout(60)
    void whatIsBelowALongKeyCostsNoMore() {
        var text = "? " + "k".repeat(500_000) + "\n: [" + "1,".repeat(100_000) + "1]";
        assertThat(View.of(read(text).tree()).map().values()).hasSize(1);
        var twice = "{\"" + "k".repeat(500_000) + "\":{" + "\"a\":1,".repeat(100_000) + "\"a\":1}}";
        assertThat(Json.read(twice.getBytes(StandardCharsets.UTF_8)).duplicates())
                .hasSizeLessThan(5);
        var keys = "? " + "k".repeat(500_000) + "\n:\n" + "  a: 1\n".repeat(100_000);
        assertThat(read(keys).duplicates()).hasSize(250);
    }

    @Test
    void jsonReportsDuplicatesByPath() {
        var document = Json.read("{\"spec\":{\"replicas\":1,\"replicas\":2}}".getBytes());
        assertThat(document.duplicates()).containsExactly(new Json.Duplicate.Field("spec.replicas", 1));
        assertThatThrownBy(() -> Json.parse("1e400")).isInstanceOf(Json.MalformedException.class);
    }

    @Test
    void halfACharacterIsNone() {
        var sent = "{\"a\": [\"a\\uDE00\", \"\\ud83d\\ude00\"]}".getBytes(StandardCharsets.US_ASCII);
        assertThat(Json.read(sent).tree()).isEqualTo(Map.of("a", List.of("a\ufffd", "\ud83d\ude00")));
    }

    @Test
    void jsonThatIsTooDeepIsRefused() {
        var deep = "[".repeat(3_000_000).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> Json.read(deep)).hasMessage("exceeded max depth");
    }

    /// What is named may itself have names in it, so that a few short lines could be nested without end.
    @Test
    void namesDoNotLeadDeeperThanTextDoes() {
        var text = new StringBuilder("x0: &x0 [a]\n");
        for (int i = 1; i <= 20; i++)
            text.append("x%d: &x%d %s*x%d%s\n".formatted(i, i, "[".repeat(40), i - 1, "]".repeat(40)));
        assertThatThrownBy(() -> Yaml.parse(text.toString())).hasMessage("yaml: exceeded max depth of 500");
    }

    @Test
    void aKeyMayBeNamed() {
        assertThat(Yaml.parse("&k a: 1\nb: *k\nc: {*k : 2}"))
                .isEqualTo(Map.of("a", 1L, "b", "a", "c", Map.of("a", 2L)));
    }

    @Test
    void linesEndAsEverywhere() {
        assertThat(Yaml.parse("a: 1\r\nb: |\r\n  x\r\n  y\r\n")).isEqualTo(Map.of("a", 1L, "b", "x\ny\n"));
        assertThatThrownBy(() -> Yaml.parse("a: 1\nb: *c")).hasMessage("yaml: line 2: found undefined alias c");
    }

    @Test
    void anElementIsWrittenAsItIsInAList() {
        var object = Map.of("a", Map.of("b", List.of("c", "d e"), "t", "x\n\ny\n"), "z", " lead\nline");
        var list = Yaml.writeSorted(Map.of("items", List.of(object, object)));
        assertThat("items:\n" + Yaml.writeElement(object) + Yaml.writeElement(object))
                .isEqualTo(list);
    }
}
