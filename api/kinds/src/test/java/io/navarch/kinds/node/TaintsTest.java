package io.navarch.kinds.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import org.junit.jupiter.api.Test;

class TaintsTest {
    private static final Taint GPU = Taint.builder()
            .key("gpu")
            .value("yes")
            .effect(TaintEffect.NO_SCHEDULE)
            .build();

    private static Toleration.Builder gpu() {
        return Toleration.builder().key("gpu");
    }

    @Test
    void aTolerationCoversTheValueItNamesOrAny() {
        assertThat(Taints.tolerates(gpu().value("yes").build(), GPU)).isTrue();
        assertThat(Taints.tolerates(gpu().value("no").build(), GPU)).isFalse();
        assertThat(Taints.tolerates(gpu().operator(TolerationOperator.EXISTS).build(), GPU))
                .isTrue();
    }

    @Test
    void aTolerationWithoutKeyOrEffectCoversAllOfThem() {
        var everything = Toleration.builder().operator(TolerationOperator.EXISTS);

        assertThat(Taints.tolerates(everything.build(), GPU)).isTrue();
        assertThat(Taints.tolerates(everything.effect(TaintEffect.NO_EXECUTE).build(), GPU))
                .isFalse();
        assertThat(Taints.tolerates(everything.key("other").clearEffect().build(), GPU))
                .isFalse();
    }
}
