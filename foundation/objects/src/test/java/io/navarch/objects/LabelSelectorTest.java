package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front", "size", "3");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "app=web;true",
                "app==web,tier=front;true",
                "app!=web;false",
                "app in (web,api);true",
                "app notin (web);false",
                "app;true",
                "!app;false",
                "missing!=x;true",
                "size>2;true",
                "size<3;false",
                "missing in (a);false"
            })
    void selects(String selector, boolean expected) {
        assertThat(LabelSelectorParser.parse(selector).matches(LABELS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app in web", "=x", "app=web,,", "-bad-=x", "a=b c"})
    void refusesBadSyntax(String selector) {
        assertThatThrownBy(() -> LabelSelectorParser.parse(selector)).isInstanceOf(IllegalArgumentException.class);
    }
}
