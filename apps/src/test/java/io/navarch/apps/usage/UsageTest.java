package io.navarch.apps.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Options.Option;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    static final Usage CELLAR = Usage.of(
            "cellar",
            "bottles: what is there",
            List.of(
                    Usage.line("cellar list", "all of them"),
                    Usage.line("cellar add|drink NAME [OPTIONS]", ""),
                    Usage.line("cellar --all", "")),
            List.of(Usage.line("navarch cellar add riesling", "one more")),
            List.of(
                    Option.value("year", "2020", "it's from"),
                    Option.list("grape", "that it is made of"),
                    Option.flag("verbose", "log more"),
                    Option.list("f", "file with more"),
                    Option.secret("key", "of the door")));

    private static String wrong(String... words) {
        return CELLAR.wrong(List.of(words)).getMessage();
    }

    @Test
    void theWordsThatMayFollowStandInItsForms() {
        assertThat(CELLAR.verbs()).containsExactly("list", "add", "drink");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertThat(wrong("lst")).isEqualTo("unknown command cellar lst (did you mean list?)");
        assertThat(wrong("conflagration"))
                .isEqualTo("unknown command cellar conflagration: it is one of list, add, drink");
        assertThat(wrong("drink", "a", "b")).isEqualTo("usage: navarch cellar add|drink NAME [OPTIONS]");
        assertThat(wrong())
                .isEqualTo(
                        "usage: navarch cellar list or navarch cellar add|drink NAME [OPTIONS] or navarch cellar --all");
    }

    @Test
    void helpSaysAllThatThereIs() {
        assertThat(String.join("\n", HelpText.of(CELLAR))).isEqualTo("""
                navarch cellar: bottles: what is there

                usage:
                  navarch cellar list   all of them
                  navarch cellar add|drink NAME [OPTIONS]
                  navarch cellar --all

                examples:
                  navarch cellar add riesling  one more

                options, also as NAVARCH_NAME in the environment, or as name: VALUE in a --config file:
                  --year VALUE    it's from (default: 2020)
                  --grape VALUE…  that it is made of
                  --verbose       log more
                  -f VALUE…       file with more
                  NAVARCH_KEY     of the door (not as a flag)""");
    }
}
