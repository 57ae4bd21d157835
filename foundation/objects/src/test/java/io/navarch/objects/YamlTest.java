package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void jsonReportsDuplicatesByPath() {
        var document = Json.read("{\"spec\":{\"replicas\":1,\"replicas\":2}}".getBytes());
        assertThat(document.duplicates()).containsExactly(new Json.Duplicate.Field("spec.replicas", 1));
        assertThatThrownBy(() -> Json.parse("1e400")).isInstanceOf(Json.MalformedException.class);
    }
}
