package io.navarch.apiserver.write;

import io.navarch.objects.ApiException;
import java.util.function.Predicate;

/// Repeats a write that lost a race, on the newer object, as long as the client did not name a version itself.
final class RetryOnConflict {
    private static final int ATTEMPTS = 10;

    private RetryOnConflict() {}

    /// Reads the object, changes it and writes it back.
    interface Attempt<T> {
        T run() throws InterruptedException;
    }

    /// @param repeatable false when the client wants to change one version and no other
    static <T> T run(boolean repeatable, Attempt<T> attempt) throws InterruptedException {
        return run(e -> repeatable && e instanceof StaleObjectException, attempt);
    }

    /// @param lost whether an error means that somebody else was faster
    static <T> T run(Predicate<ApiException> lost, Attempt<T> attempt) throws InterruptedException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (ApiException e) {
                if (number == ATTEMPTS || !lost.test(e)) throw e;
            }
        }
    }
}
