package io.navarch.apiserver.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.Samples;
import io.navarch.objects.ApiException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryOnConflictTest {
    private static final int LIMIT = 10;

    private final AtomicInteger attempts = new AtomicInteger();

    private static StaleObjectException stale() {
        return StaleObjectException.of(Samples.things(), "x");
    }

    @Test
    void aLostRaceIsRunAgain() throws InterruptedException {
        var result = RetryOnConflict.run(true, () -> {
            if (attempts.incrementAndGet() < 3) throw stale();
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(attempts).hasValue(3);
    }

    @Test
    void aClientThatNamedAVersionIsToldAtOnce() {
        assertThatThrownBy(() -> RetryOnConflict.run(false, () -> {
                    attempts.incrementAndGet();
                    throw stale();
                }))
                .isInstanceOf(StaleObjectException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void somebodyWhoAlwaysLosesIsToldInTheEnd() {
        assertThatThrownBy(() -> RetryOnConflict.run(true, () -> {
                    attempts.incrementAndGet();
                    throw stale();
                }))
                .hasMessageContaining("the object has been modified; please apply your changes to the latest version");
        assertThat(attempts).hasValue(LIMIT);
    }

    @Test
    void otherConflictsAreNoRaces() {
        var conflict = ApiException.conflict("things", "", "x", "the object has been modified");
        assertThatThrownBy(() -> RetryOnConflict.run(true, () -> {
                    attempts.incrementAndGet();
                    throw conflict;
                }))
                .isSameAs(conflict);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void theCallerMayKnowOtherWaysToLose() throws InterruptedException {
        RetryOnConflict.run(e -> e.reason() == ApiException.Reason.ALREADY_EXISTS, () -> {
            if (attempts.incrementAndGet() == 1) throw ApiException.alreadyExists("things", "", "x");
            return "done";
        });
        assertThat(attempts).hasValue(2);
    }

    @Test
    void theAnswerToBothConflictsIsTheSame() {
        var stale = stale();
        var pinned = StaleObjectException.conflict(Samples.things(), "x");
        assertThat(stale.status()).isEqualTo(pinned.status());
        assertThat(pinned).isNotInstanceOf(StaleObjectException.class);
    }
}
