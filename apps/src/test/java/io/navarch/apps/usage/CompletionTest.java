package io.navarch.apps.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Command;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionTest {
    private static final List<Usage> ALL =
            List.of(UsageTest.CELLAR, Usage.of("attic", "don't look", List.of(Usage.line("attic", "")), List.of()));

    /// What bash offers for the last of these words.
    private static List<String> offered(String... words) {
        var script = Completion.BASH.script(ALL) + "COMP_WORDS=(navarch " + quoted(words) + ")\nCOMP_CWORD="
                + words.length + "\n_navarch\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        var result = Command.tryRun(List.of("bash", "--norc"), script, Duration.ofSeconds(30));
        assertThat(result.err()).isEmpty();
        return result.out().lines().filter(each -> !each.isEmpty()).toList();
    }

    private static String quoted(String... words) {
        return String.join(
                " ", Arrays.stream(words).map(each -> "'" + each + "'").toList());
    }

    @Test
    void bashOffersCommandsTheirWordsAndTheirOptions() {
        assertThat(offered("")).containsExactly("cellar", "attic");
        assertThat(offered("ce")).containsExactly("cellar");
        assertThat(offered("cellar", "d")).containsExactly("drink");
        assertThat(offered("cellar", "--")).containsExactly("--year", "--grape", "--verbose", "--help");
        assertThat(offered("cellar", "drink", "-")).contains("-f", "--year").doesNotContain("--key");
        assertThat(offered("attic", "--")).containsExactly("--help");
        assertThat(offered("cellar", "add", "/etc/hostn")).containsExactly("/etc/hostname");
    }

    @Test
    void othersAreToldWithQuotesOfTheirOwn() {
        assertThat(Completion.ZSH.script(ALL))
                .contains("'attic:don'\\''t look'", "'cellar:bottles\\: what is there'", "verbs=(list add drink)")
                .doesNotContain("--key");
        assertThat(Completion.FISH.script(ALL))
                .contains(
                        "-a attic -d 'don\\'t look'\n",
                        "'__fish_seen_subcommand_from cellar' -l year -r -d 'it\\'s from'\n",
                        "-s f -r")
                .doesNotContain("-l key");
    }
}
