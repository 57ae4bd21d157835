package io.navarch.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Some thousand inputs for each target, always the same; `testing/fuzz/run` tries others for as long as one wants.
@Timeout(300)
class FuzzTest {
    private static void runs(Targets targets, int inputs) throws InterruptedException {
        for (var target : targets.list()) {
            var left = new AtomicInteger(inputs);
            assertThat(Fuzz.run(target, 1, () -> left.getAndDecrement() > 0))
                    .as(target.name())
                    .isEmpty();
        }
    }

    @Test
    void decodersRefuseInTheirOwnWords() throws Exception {
        try (var targets = Decoders.all()) {
            runs(targets, 3000);
        }
    }

    @Test
    void theServerNeverFails() throws Exception {
        try (var targets = Server.all()) {
            runs(targets, 1500);
        }
    }

    @Test
    void theSameSeedMakesTheSameInputs() {
        var corpus = Target.bytes("{\"a\":1}", "[2]");
        var one = new Mutator(new SplittableRandom(7));
        var other = new Mutator(new SplittableRandom(7));
        for (int i = 0; i < 100; i++) assertThat(one.mutated(corpus, corpus)).isEqualTo(other.mutated(corpus, corpus));
    }
}
