package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots<String> slots = new Slots<>(3, 2);

    @Test
    void oneCannotTakeAll() {
        assertThat(slots.take("a")).isPresent();
        assertThat(slots.take("a")).isPresent();
        assertThat(slots.take("a")).isEmpty();
        assertThat(slots.take("b")).isPresent();
        assertThat(slots.take("c")).isEmpty();
    }

    @Test
    void whatIsGivenBackCanBeTakenOnce() {
        var slot = slots.take("a").orElseThrow();
        slots.take("a");
        slot.close();
        slot.close();
        assertThat(slots.taken()).isEqualTo(1);
        assertThat(slots.take("a")).isPresent();
        assertThat(slots.take("a")).isEmpty();
    }
}
