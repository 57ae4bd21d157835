package io.navarch.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveHeapTest {
    @Test
    void isScarceWhenNearlyAllIsInUseOrMostIsNeeded() {
        assertThat(LiveHeap.scarce(100, 50, 50)).isFalse();
        // Not all of it may be needed.
        assertThat(LiveHeap.scarce(100, 85, 40)).isFalse();
        assertThat(LiveHeap.scarce(100, 91, 40)).isTrue();
        assertThat(LiveHeap.scarce(100, 85, 81)).isTrue();
        // It was needed then.
        assertThat(LiveHeap.scarce(100, 30, 81)).isFalse();
    }
}
