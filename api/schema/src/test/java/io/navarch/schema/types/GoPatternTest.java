package io.navarch.schema.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(?:(?:x{10}){10}){11}",
                "(?P<name>[^]]{100}|b){11,}",
                "(a|(b(c{2}){500,}){2})",
                "\\Qab{9}\\E(\\p{L}{1000}){2}",
                "([[:alpha:]a\\]]{40}[)]){26}"
            })
    void repeatsWithinRepeatsAreRefusedAsInGo(String pattern) {
        assertThatThrownBy(() -> GoPattern.compile(pattern))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("invalid repeat count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{10}){100}",
                "[{1000}]{1000}",
                "\\Q{1000}\\E{1000}",
                "a{1000}b{1000}",
                "(?i)(?:[a-z]{1,63}\\.){1,15}[a-z]",
                "x{,5}{a",
                "[[:alpha:]]{1000}",
                "\\x{41}{1000}",
                "^$",
                ""
            })
    void othersAreTaken(String pattern) {
        assertThat(GoPattern.compile(pattern).pattern()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000})
    void longAndDeepOnesAreRefused(int length) {
        assertThatThrownBy(() -> GoPattern.compile("(abc){900}".repeat(length / 10)))
                .hasMessageContaining("expression too large");
        assertThatThrownBy(() -> GoPattern.compile("(".repeat(length))).hasMessageContaining("nests too deeply");
    }
}
