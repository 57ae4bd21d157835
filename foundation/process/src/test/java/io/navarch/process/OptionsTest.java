package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options.Option;
import io.navarch.process.Options.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
    private static final List<Option> DECLARED = List.of(
            Option.value("data-dir", "/var/lib/x", "where state is kept"),
            Option.value("port", "6443", "where to listen"),
            Option.list("name", "further names"),
            Option.secret("token", "counts as administrator"),
            Option.flag("verbose", "more logs"));

    @TempDir
    private Path directory;

    private static Options parse(String... arguments) {
        return Options.parse(DECLARED, List.of(arguments), Map.of());
    }

    @Test
    void whatIsNotGivenHasItsFallback() {
        var options = parse();
        assertThat(options.string("data-dir")).isEqualTo("/var/lib/x");
        assertThat(options.integer("port")).isEqualTo(6443);
        assertThat(options.strings("name")).isEmpty();
        assertThat(options.flag("verbose")).isFalse();
        assertThat(options.given("port")).isFalse();
    }

    @Test
    void flagsTakeTheirValueFromTheNextArgumentOrAfterAnEqualsSign() {
        var options = parse("--port", "1", "file", "--data-dir=/x=y", "--verbose", "--port=2");
        assertThat(options.integer("port")).isEqualTo(2);
        assertThat(options.string("data-dir")).isEqualTo("/x=y");
        assertThat(options.flag("verbose")).isTrue();
        assertThat(options.positional()).containsExactly("file");
    }

    @Test
    void listsCollectAllTheirValues() {
        assertThat(parse("--name", "a", "--name=b").strings("name")).containsExactly("a", "b");
        var variables = Options.parse(DECLARED, List.of(), Map.of("NAVARCH_NAME", "c,d"));
        assertThat(variables.strings("name")).containsExactly("c", "d");
    }

    @Test
    void theFlagWinsOverTheVariableAndTheVariableOverTheFile() throws IOException {
        var file = directory.resolve("config.yaml");
        Files.writeString(file, "port: 3\ndata-dir: /file\nname: [e, f]\n");
        var variables = Map.of("NAVARCH_PORT", "2", "NAVARCH_DATA_DIR", "/variable");
        var options = Options.parse(DECLARED, List.of("--port=1", "--config", file.toString()), variables);
        assertThat(options.integer("port")).isEqualTo(1);
        assertThat(options.string("data-dir")).isEqualTo("/variable");
        assertThat(options.strings("name")).containsExactly("e", "f");
    }

    @Test
    void mistypedNamesAreRefusedWithTheNearestOne() {
        assertThatThrownBy(() -> parse("--prt=1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown flag --prt (did you mean --port?)");
        assertThatThrownBy(() -> parse("--nothing-like-it-at-all", "1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown flag --nothing-like-it-at-all");
    }

    @Test
    void valuesMustBeThereAndOfTheirType() {
        assertThatThrownBy(() -> parse("--port"))
                .isInstanceOf(UsageException.class)
                .hasMessage("flag --port needs a value");
        assertThatThrownBy(() -> parse("--port=many").integer("port"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--port must be a number, not \"many\"");
        assertThatThrownBy(() -> parse("--config", "/no/such/file"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("cannot read --config /no/such/file");
    }

    @Test
    void secretsAreNotTakenFromWhereEverybodyReads() {
        for (var arguments : List.of(List.of("--token", "s3cret"), List.of("--token=s3cret")))
            assertThatThrownBy(() -> Options.parse(DECLARED, arguments, Map.of()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("NAVARCH_TOKEN")
                    .hasMessageNotContaining("s3cret");
        assertThat(Options.parse(DECLARED, List.of(), Map.of("NAVARCH_TOKEN", "s3cret"))
                        .string("token"))
                .isEqualTo("s3cret");
    }
}
