package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerSelectionTest {
    @Test
    void controllersAreChosenAsTheControllerManagersAre() {
        var all = new ServerConfig.ControllerSelection(List.of());
        assertThat(all.runs("a")).isTrue();
        var butOne = new ServerConfig.ControllerSelection(List.of("-a"));
        assertThat(butOne.runs("a")).isFalse();
        assertThat(butOne.runs("b")).isTrue();
        var one = new ServerConfig.ControllerSelection(List.of("a"));
        assertThat(one.runs("a")).isTrue();
        assertThat(one.runs("b")).isFalse();
        var none = new ServerConfig.ControllerSelection(List.of("-*"));
        assertThat(none.runs("a")).isFalse();
        assertThat(new ServerConfig.ControllerSelection(List.of("*", "-a")).runs("b"))
                .isTrue();
    }
}
